/** A Postfix as a client may have it, on ports and in a folder of its own; it takes nothing from /etc/postfix. */

/** Where mail for a person goes: a Maildir that Postfix writes itself, or Dovecot by LMTP. */
export type PostfixPerson = { readonly address: string; readonly delivery: 'maildir' | 'lmtp' };

export type PostfixConfig = {
  readonly folder: string;
  readonly mailFolder: string;
  readonly hostname: string;
  readonly domain: string;
  /** AUTH after STARTTLS, as our gateway session speaks it */
  readonly submissionPort: number;
  /** without a login, as the world would write to it: everything of ours is taken off there */
  readonly publicPort: number;
  readonly lmtpPort: number;
  /** Dovecot's, which knows the logins */
  readonly authSocket: string;
  readonly certificate: string;
  readonly key: string;
  readonly owner: { readonly uid: number; readonly gid: number };
};

/** Loopback only, and names of messages that sort by the time of receipt. */
export const COMMON_MAIN = `compatibility_level = 3.6
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
local_recipient_maps =
alias_maps =
alias_database =
enable_long_queue_ids = yes
`;

/** master.cf but for what listens; nothing is confined to a folder (chroot), because the folder is ours already. */
export const COMMON_SERVICES = `pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
`;

export function mainCf(config: PostfixConfig): string {
  const { folder, mailFolder, hostname, domain, authSocket, certificate, key, owner } = config;
  return `${COMMON_MAIN}queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/mail.log
maillog_file_prefixes = /tmp
myhostname = ${hostname}
mydestination =
mynetworks =
virtual_mailbox_domains = ${domain}
virtual_mailbox_base = ${mailFolder}
virtual_mailbox_maps = texthash:${folder}/people
virtual_uid_maps = static:${owner.uid}
virtual_gid_maps = static:${owner.gid}
virtual_mailbox_limit = 0
virtual_transport = virtual
transport_maps = texthash:${folder}/transports
message_size_limit = 52428800
# What a Postfix would change by itself, in mail that comes with a login or goes on by LMTP: bytes are compared behind it.
local_header_rewrite_clients =
message_drop_headers =
lmtp_line_length_limit = 0
disable_mime_output_conversion = yes
smtpd_tls_cert_file = ${certificate}
smtpd_tls_key_file = ${key}
smtpd_sasl_type = dovecot
smtpd_sasl_path = ${authSocket}
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
# A test's kill is no reason to wait for minutes.
minimal_backoff_time = 2s
maximal_backoff_time = 5s
queue_run_delay = 2s
default_process_limit = 30
`;
}

export function masterCf({ folder, submissionPort, publicPort }: PostfixConfig): string {
  return `127.0.0.1:${submissionPort} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
127.0.0.1:${publicPort} inet n - n - - smtpd
  -o cleanup_service_name=cleanup-public
cleanup-public unix n - n - 0 cleanup
  -o header_checks=regexp:${folder}/strip-ours
${COMMON_SERVICES}`;
}

export function maps({ lmtpPort }: PostfixConfig, people: readonly PostfixPerson[]): Readonly<Record<string, string>> {
  const byLmtp = people.filter(({ delivery }) => delivery === 'lmtp');
  return {
    people: people.map(({ address }) => `${address} ${mailboxOf(address)}/\n`).join(''),
    transports: byLmtp.map(({ address }) => `${address} lmtp:inet:127.0.0.1:${lmtpPort}\n`).join(''),
    'strip-ours': STRIP_OURS,
  };
}

// A header check sees one unfolded field at a time; IGNORE takes it off.
const STRIP_OURS = '/^X-Breakwater-/ IGNORE\n';

/** The name of a person's Maildir, below the folder of mailboxes; Dovecot's `%n`. */
export function mailboxOf(address: string): string {
  return address.slice(0, address.lastIndexOf('@'));
}
