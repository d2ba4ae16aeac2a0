/**
 * What people write into SMTP replies and logs, as data: the first row whose words occur says what the line is about. Only words
 * count. Digits, addresses and the paths of links are taken out before anything is compared (`wordsOf`), because a ticket number, a
 * port or an address must never decide whether a server is down.
 */

export type Meaning =
  /** fewer connections or messages, please: a server at work */
  | 'limit'
  /** out of disk, memory or other means: the server cannot work */
  | 'exhausted'
  /** a pace or a volume of one sender */
  | 'rate'
  /** a pace of one recipient */
  | 'recipient-rate'
  | 'greylist'
  /** who is connecting: lists, reputation, reverse DNS */
  | 'peer'
  /** who is sending: address, SPF, DKIM, login, relaying */
  | 'sender'
  /** what is sent: spam, virus, size, form */
  | 'content'
  | 'tls'
  | 'unknown-recipient'
  | 'disabled-recipient'
  | 'full-mailbox'
  /** a recipient refused without a reason; mostly an unknown one */
  | 'refused-recipient'
  | 'name-lookup'
  | 'loop'
  /** the system itself says that it or something behind it does not work */
  | 'trouble'
  /** no answer, no connection, or no longer one */
  | 'silence'
  | 'policy'
  /** nothing but "later": weaker than every code */
  | 'later';

export type Pattern = {
  readonly meaning: Meaning;
  /** compared with the output of `wordsOf`: lower case, no digits */
  readonly words: RegExp;
  /** where such words were seen */
  readonly source: string;
};

// Order is meaning: what names a culprit (a list, a sender, a mailbox) stands before what only names a symptom ("service unavailable;
// client blocked using …" is about the client), and what is said of everybody stands last.
export const PATTERNS: readonly Pattern[] = [
  {
    meaning: 'recipient-rate',
    words:
      /receiving (?:e?mails?|messages?) (?:too quickly|at a rate)|recipient'?s?\b[^.;]{0,30}\b(?:receive|thread) limit|recipient has exceeded (?:their|its) limit|receive (?:limit|per hour)/,
    source: 'Google 4.2.1, 5.2.1; Exchange Online 5.2.121, 5.2.122, 4.3.2 (Microsoft NDR reference)',
  },
  {
    meaning: 'limit',
    words:
      /too many (?:\w+ ){0,3}(?:connections?|sessions|processes)|(?:connections?|sessions?)\b[^.;]{0,40}\b(?:limit|exceeded)|connection rate|(?:max\w*|limit)\b[^.;]{0,30}\bconnections?|per connection|relay limit|trop de connexions|zu viele verbindungen|demasiadas conexiones/,
    source: 'Postfix anvil, Sendmail daemon.c, Exchange 4.3.2, Cisco ESA, Yahoo, Orange',
  },
  {
    meaning: 'greylist',
    words: /gr[ea]y[- ]?list|first[- ]time sender/,
    source: 'RFC 6647; postgrey, rspamd, Barracuda',
  },
  {
    meaning: 'peer',
    words:
      /black[- ]?list|block[- ]?list|deny[- ]?list|not in whitelist|black hole|\bdns ?bl|\brbls?\b|spamhaus|spamcop|sorbs|spamrl|barracudacentral|senderscore|cloudmark|reputation|(?:you are|is|are|was|ip|address|found|due to) (?:\w+ )?list(?:ed|ing) (?:at|by|in|on)\b|^(?:\S+ )?listed (?:at|by|in|on)\b|\bbanned (?:ip|send)|is_blocked/,
    source:
      'DNS lists (RFC 5782); Postfix reject_rbl_client, Exchange Online 5.7.511 and 5.7.606, AT&T, Proofpoint, Cisco ESA',
  },
  {
    meaning: 'peer',
    words:
      /\b(?:client|host|ips?|ip address|server|connection|network|blocklisted)\b[^.;]{0,40}\bblocked\b|\bblocked (?:using|for spam|due to|- see|see)|client host|reverse dns|\bptr\b|your (?:host ?name|reverse)|ip name lookup|generic r?dns|dynamic (?:ip|address)|open prox|unresolvable relay|\b(?:helo|ehlo)\b[^.;]{0,40}(?:reject|invalid|denied|refused|not)|too many (?:invalid|unknown|bad) (?:recipients|users|commands)|too many (?:errors|(?:\w+ )?commands)|connecting ip|(?:not|never) (?:be )?accepted from (?:your|this|ip|[\w.-]*\s)|not allowed to connect|messages from\b[^;]{0,40}\b(?:deferred|refused|rejected)|user complaints/,
    source: 'Postfix smtpd restrictions, Sendmail FEATURE(require_rdns), Gmail 5.7.25, Mimecast, T-Online, AOL',
  },
  {
    meaning: 'sender',
    words:
      /\bspf\b|dkim|dmarc|sender policy framework|sender id\b|unauthenticated|not authenticated|authenticat\w+ (?:is )?(?:required|failed|unsuccessful|credentials|mechanism)|failed to authenticate|incorrect authentication|invalid (?:login|credentials)|missing credentials|credentials (?:\w+ )?(?:reject|invalid|for)|username and password|login attempts|application-specific password/,
    source: 'RFC 7208, RFC 6376, RFC 7489, RFC 4954 §6; Gmail, Yahoo, Exchange Online 5.7.23, Mimecast',
  },
  {
    meaning: 'content',
    words:
      /\bspam(?!\w*(?:assassin|d\b))|unsolicited|\bjunk|\buce\b|(?:virus|malware|trojan|phish\w*)\b[^.;]{0,30}\b(?:found|detected|reject|blocked|present)|(?:due to|contains?|infected with)\b[^.;]{0,12}\b(?:virus|malware|worm)|infected|attachment|banned content|message (?:content|body|contains)|content (?:reject|filter|was|is|policy|examination|denied)|duplicate header|headers?\b[^.;]{0,40}\b(?:missing|invalid|duplicate|malformed|not|error|compliant|too long)|(?:missing|invalid|malformed|duplicate|multiple)\b[^.;]{0,30}\bheaders?|malformed (?:message|mail)|message is malformed|not rfc\b|bare (?:lf|cr|line ?feed|newline)|\bsuspicious\b/,
    source: 'Gmail 5.6.0, 5.7.1; Yandex, Mail.ru, Barracuda, amavis, Exchange 5.6.11, Yahoo',
  },
  {
    meaning: 'content',
    words:
      /(?:message|mail|size|header|attachment)\b[^.;]{0,30}\b(?:too (?:large|big)|exceed\w*[^.;]{0,30}(?:size|maximum|fixed))|(?:message|mail|email) size|size limit|exceed\w* (?:\w+ ){0,4}(?:message )?size|taille limite|nachricht zu gro/,
    source: 'RFC 1870 §6.1; Postfix, Exim, Exchange 5.3.4, Gmail, La Poste',
  },
  {
    meaning: 'tls',
    words:
      /\b(?:start)?tlsv?\b|\bssl\b|ssl_|openssl|gnutls|certificate|handshake fail|self[- ]signed|no shared cipher|\bdane\b|\btlsa|mta-sts|requires encryption|encryption (?:is )?(?:required|needed)|wrong version number/,
    source:
      'RFC 3207, RFC 7672, RFC 8461; Postfix smtp_tls, Exim, OpenSSL, GnuTLS, Node, Exchange Online 4.4.317 and 5.7.3xx',
  },
  {
    meaning: 'full-mailbox',
    words:
      /(?:disk|disc|mail(?:box)?|user|account|storage|inbox|over|email|maildir|recipient|domain)['’s]* ?(?:\w+ ){0,2}quota|(?<!message |submission |sending |relay )quota (?:\w+ ){0,2}(?:exceed|violat|full)|overquota|(?:mail ?box|inbox|mail ?folder|mail ?drop|maildir)\b[^.;]{0,30}\b(?:full|exceed\w*|over|size limit)|full mail ?box|storage allocation|out of storage|over (?:the )?(?:allowed )?(?:quota|storage)|enough (?:storage )?space (?:in|for) (?:the |this )?(?:mail|user|recip)|recipient'?s? (?:storage|space)|too many messages on the server|boite (?:\w+ )*pleine|postfach (?:\w+ )*voll|casella (?:\w+ )*piena|buz[oó]n (?:\w+ )*lleno/,
    source: 'RFC 5321 §4.2.3 (552), RFC 3463 X.2.2; Gmail, Dovecot, Courier, Exim, MDaemon, Orange',
  },
  {
    meaning: 'disabled-recipient',
    words:
      /(?:mail ?box|account(?! service)|user|recipient|address|destinataire)\b[^;]{0,60}\b(?:disabled|inactive|suspended|frozen|locked|blocked|busy|deactivated|discontinued|expired|closed|no longer|archiv\w+|restricted|limited|suppress\w*|unavailable|unavaiable|cannot be accessed|not accepting|bloque)|(?:disabled|inactive|suspended|archived|banned|expired|deactivated) (?:\w+ )?(?:mail ?box|account|user|recipient)|is no longer (?:valid|active|in use|available)/,
    source: 'RFC 3463 X.2.1; Gmail 5.2.1, Yahoo, Orange and La Poste, i.ua, Zoho, 163.com, Comcast',
  },
  {
    meaning: 'sender',
    words:
      /\bsenders?\b[^.;]{0,50}\b(?:reject\w*|denied|refused|invalid|not|unknown|verif\w+|blocked|resolve|exist|unroutable|badmailfrom)|(?:unresolvable|invalid|unknown|unroute?able|bogus|null|empty) (?:envelope )?(?:sender|from|mail from)|domain of sender|sender (?:address|domain|verify|email)|from[- ]domain|unresolvable\b[^;]{0,20}\bdomain|mail from\b[^;]{0,40}\b(?:not|denied|reject|refused|invalid|banned|dropped)|emetteur invalide|address is not verified|identities failed|\bbatv\b|relay(?:ing)?\b[^.;]{0,25}\b(?:denied|not|prohibited|refused|forbidden)|(?:unable|not permitted|not allowed|cannot|refus\w+) to relay|rcpthosts|open relay|send as this|submission quota|allowed-senders/,
    source:
      'RFC 5321 §3.6.2; Postfix, Sendmail 4.1.8, Exim callouts, qmail rcpthosts, Exchange 5.7.54 and 5.7.60, Amazon SES, Mimecast',
  },
  {
    meaning: 'name-lookup',
    words:
      /host (?:or domain )?(?:name )?(?:not found|unknown)|unknown host|host ?name lookup|host lookup|name (?:service|server)\b|name or service not known|no such (?:host|domain)|(?:non-?existent|unknown|unrout\w+|invalid|no such) (?:\w+ )?domain|domain\b[^.;]{0,40}\b(?:not found|does(?: not|n'?t) exist|not (?:be )?(?:reachable|resolv\w+)|unreachable|must exist|has no)|\bno (?:valid )?mx\b|null ?mx|\bmx (?:records?|lookup|host|list|or srv)\b|relevant mx|nxdomain|servfail|getaddrinfo|enotfound|eai_again|edns\b|query(?:a|aaaa|mx|ns)\b|\bdns\b|resolv(?:e|er|ing) |not be resolved|host map|address resolution|cname|(?:couldn'?t|cannot|could not|unable to) (?:find|resolve|lookup|look up)(?: \w+){0,4} (?:host|name|domain|gateway|route|mail exchanger)|\bno (?:ip )?address(?:es)? (?:found|for)|malformed (?:dns|name server)|server misbehaving|points? to local host|loops back/,
    source:
      'Postfix smtp_addr, Exim dnslookup, Sendmail deliver.c, qmail-remote, c-ares, Go net, Exchange 5.4.310 and 5.4.4, RFC 7505',
  },
  {
    meaning: 'unknown-recipient',
    words:
      /\b(?:users?|recipients?|mail ?box(?:es)?|accounts?|(?:e-?mail )?address(?:es)?|alias|person|destinataire|local[- ]?part|rcpt|utente|usuario)\b[^;]{0,60}(?:\b(?:unknown|invalide?|not (?:\w+ )?(?:found|known|exist|valid|listed|recogni[sz]ed|local|present|in (?:recipient|my|our))|does(?: not|n'?t) exist|doesn'?t have|do(?:es)? not have|undeliverable|badrcptto|non ?-?existent|wrong|notfound))/,
    source:
      'RFC 3463 X.1.1; Postfix, Exim, Sendmail, qmail, Exchange RESOLVER.ADR, Gmail, Yahoo, Mimecast, hMailServer, MDaemon',
  },
  {
    meaning: 'unknown-recipient',
    words:
      /\b(?:unknown|invalid|no such|not a (?:valid|known|local|registered)(?: \w+)?|no valid|bad|non ?-?existent|unrecogni[sz]ed|unroute?able|utilisateur inconnu|unbekannter?)[- ](?:\w+ )?(?:e-?mail ?)?(?:users?\b|recipients?|mail ?box|account|address|person|alias|local[- ]?part|inconnu|empf\w+|benutzer)|utilisateur inconnu|no (?:mailbox|account|one)\b[^;]{0,20}\b(?:here|by that|at this|found)|(?:recip\w*|user|mailbox)\.?(?:notfound|unknown)|recipnotfound|nessun utente|no existe|vrfy failed|not in (?:the )?(?:directory|address (?:book|list)|recipient list)|delivery to the following recipients? failed/,
    source: 'as above, with the words the other way round',
  },
  {
    meaning: 'loop',
    words:
      /mail(?:ing)? loop|routing loop|too many hops|hop count|exceeded\s+hops|forwarding loop|message looping|delivered-to loop|too many received/,
    source: 'RFC 5321 §6.3; Postfix, Sendmail, Exim, Exchange 5.4.14, Gmail 5.4.6',
  },
  {
    meaning: 'exhausted',
    words:
      /(?:insufficient|out of|not enough|low on|lack of|no more|no) (?:\w+ )?(?:resources?|disk|memory|storage|space|queue space|file descriptors|threads)|resources? (?:are |is )?(?:\w+ )?(?:unavailable|not available|restricted|low|exhausted)|no space left|disk (?:is )?full|mail system full|system (?:disk |storage )?full|overload|load (?:average )?(?:is )?too (?:high|great)|system load|back ?pressure|cannot allocate|queue (?:is )?full|too much load|heav(?:y|ily) load/,
    source:
      'RFC 3463 X.3.1; Postfix queue_minfree, Sendmail QueueLA, Exim smtp_load_reserve, Exchange back pressure, Yahoo',
  },
  {
    meaning: 'trouble',
    words:
      /services? (?:is |are )?(?:\w+ )?(?:not (?:available|active|ready|running)|unavailable|refused?\b|down\b|shutting)|service refuse|temporar\w+ (?:\w+[ -]){0,3}(?:problem|failure|fault|error|unavailable|out of (?:order|service)|lookup|reject\w*|fail\w*)|internal (?:\w+ )?(?:error|problem|failure)|local (?:\w+ )?(?:error|problem)|(?:system|server|software|transport|processing|mailer|database|backend|lookup|unexpected|write|alias|config\w*|fatal|scanner|process) (?:\w+ )?(?:error|problem|failure|fault|exception)|(?:local|mail system|server) config|misconfigured|incorrectly configured|error in processing|virus_?scan\w*\b.{0,10}fail/,
    source:
      'RFC 5321 §4.2.3 (421, 451); Postfix smtpd and milters, Exim acl_defer, Sendmail, Exchange 4.3.2, amavis, Gmail, Yandex',
  },
  {
    meaning: 'trouble',
    words:
      /not (?:currently )?accepting (?:\w+ )?(?:connections?|messages?|mail|e-?mail)|does not accept mail|shutting down|going down|maintenance|wartung|licen[cs]e (?:has )?(?:is )?expired|(?:queue|data|spool) file|\bldap\b|\bsql\b|mysql|postgres|directory (?:server|service)|unable to (?:process|read|open|contact|access|accept|load|complete|verify|check|queue)|cannot (?:process|open|write|create|read|load|access|lock)|can'?t (?:create|open|write|read)|could not (?:load|open|write|create|process|complete|be processed)|qq (?:\w+ )?(?:trouble|problem|error|crash\w*)|trouble (?:creating|in home|processing)|permission denied|read-only file|no such file|\bmilter\b|failed to be replicated|no healthy|operation was cancel|transient\w*exception|exception:|no mdb|mdb (?:is )?offline|offline|server (?:is )?(?:down|unavailable|not available|temporarily)|system (?:is )?(?:unavailable|not available|not accepting|down|temporarily)|host (?:is )?(?:down|disabled)|unknown mailer|command died|child process|unavailable\b|panic|segmentation fault/,
    source:
      'RFC 3463 X.3.2, X.3.5; RFC 7504; Sendmail, qmail-queue, Dovecot, Zimbra, Exchange STOREDRV, Mimecast, Barracuda',
  },
  {
    meaning: 'limit',
    words:
      /\bbusy\b|slow(?:er| down)|throttl|too many (?:recipients|concurrent|messages? (?:\w+ )?(?:session|transaction|connection))|transaction exceeded|congest|outbound thread limit|service limit/,
    source: 'Exchange Online 4.7.500 and 4.7.700, Gmail 4.5.3, RFC 5321 §4.5.3.1.10, Mimecast',
  },
  {
    meaning: 'rate',
    words:
      /\brate\b|frequency|(?:sending|hourly|daily|message|recipient|volume|outgoing) (?:\w+ )?(?:limit|quota)|(?:limit|quota)s? (?:\w+ ){0,2}(?:exceed|reached)|(?:exceed|reach)\w*\b[^.;]{0,40}\b(?:limits?|quota|volume|max\w*|threshold)|too (?:much|many) (?:recent )?(?:mails?|e-?mails?|messages?)|excessive|too (?:fast|quickly|frequent)|per (?:hour|minute|day|second)/,
    source: 'Gmail 4.2.1, 4.7.28, 5.4.5; iCloud, Rambler, Comcast, Postfix policy daemons',
  },
  {
    meaning: 'silence',
    words:
      /connect(?:ion)?s?\b[^.;]{0,60}\b(?:timed? ?-?out|timeout|refused|reset|lost|closed|dropped|broken|unreachable|failed|expired|disconnect\w*|aborted|failures?|attempts)|(?:lost|bad|no|unable to establish|failed|establish\w*)\b[^.;]{0,20}\bconnect(?:ion)?\b|timed out|time ?-?out|etimedout|econn\w+|esocket|epipe|ehostunreach|enetunreach|no route|network (?:is )?unreachable|host (?:is )?unreachable|network error|broken pipe|unexpected(?:ly)? (?:eof|closed?|socket|disconnect)|\beof\b|greeting never|no greeting|no (?:answer|response|reply) from|(?:not|never) (?:be )?respond\w*|i\/?o error|(?:read|write|socket|communication) error|error (?:encountered while )?communicating|(?:could not|cannot|can'?t|unable to|failed to|couldn'?t|wasn'?t able to) (?:be )?(?:re)?(?:connect|reach|establish)\w*|socket (?:close|hang)|disconnected|closed (?:the )?(?:connection|prematurely|abruptly)|(?:message|delivery(?: time)?) (?:was |has )?(?:expired|delayed|timed)|message expired|retry time|been failing for|queue (?:expired|too long)|queue too long|within (?:the )?(?:\w+ )?(?:days|hours|queue)|giving up on|not reachable|unreachable|malformed (?:smtp )?(?:reply|response)|no smtp (?:service|server)|smtp connect/,
    source: 'RFC 3463 X.4.1, X.4.2, X.4.7; Postfix smtp, Exim deliver, Sendmail, qmail-remote, Node, Exchange 5.4.3xx',
  },
  {
    meaning: 'content',
    words: /(?:message|e?mail) (?:was |has been |is )?(?:rejected|refused|blocked|denied|not accepted)/,
    source: 'every vendor, where no better reason is given',
  },
  {
    meaning: 'refused-recipient',
    words:
      /(?:recipients?|rcpt)\b(?![^;]*polic)[^;]{0,40}\b(?:reject\w*|denied|refused|not (?:accepted|ok))|address rejected|failure for one or more recipients/,
    source: 'Postfix "Recipient address rejected:", Exchange 5.4.1, Barracuda',
  },
  {
    meaning: 'policy',
    words:
      /polic(?:y|ies)|not (?:\w+ )?(?:allowed|permitted|accepted|authori[sz]ed)|access denied|denied|prohibit|forbidden|refused|reject|restrict|violat|unsupported|not supported|disallow|blocked|discarded|syntax|bad sequence|sequence of commands|unrecogni[sz]ed|unimplemented|not implemented|invalid argument|not offered by|smtputf|protocol violation/,
    source: 'RFC 3463 X.5 and X.7; every vendor',
  },
  {
    meaning: 'later',
    words: /later|try again|retry|deferred|temporar|please wait|come back|resend|plus tard|sp[aä]ter|m[aá]s tarde/,
    source: 'every vendor',
  },
];

/** What a line is about, by its words alone; undefined when they are of no known kind. */
export function meaningOf(text: string): Meaning | undefined {
  const words = wordsOf(text);
  return PATTERNS.find((pattern) => pattern.words.test(words))?.meaning;
}

// A peer chooses the text: what is compared is bounded, and no pattern can look back further than a few words.
const MAX_COMPARED = 1000;
const LINK = /\bhttps?:\/\/([^\s/?#]*)\S*/g;
// A host name or a version is one word: the dots inside it end no sentence, and its parts are no words.
const DOTTED = /\.(?=[^\s.])/g;
const ADDRESS = /<[^<>\s]*@[^<>\s]*>|[^\s<>:;,'"()[\]]+@[^\s<>:;,'"()[\]]+/g;

function wordsOf(text: string): string {
  return text
    .slice(0, MAX_COMPARED)
    .toLowerCase()
    .replace(LINK, '$1')
    .replace(ADDRESS, ' ')
    .replace(DOTTED, '_')
    .replace(/[\d\s]+/g, ' ')
    .trim();
}
