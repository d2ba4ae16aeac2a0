/** env → the dependencies of each step. The only file that knows every part; it decides nothing. */
import { waitUntil } from 'cloudflare:workers';
import { createAccountStore } from './adapters/accounts-d1.ts';
import { createClientStore } from './adapters/clients-d1.ts';
import { newLetters, newMessageId, newOutageId, newToken, now, random, startTimer, wait } from './adapters/clock.ts';
import { createContentStore } from './adapters/contents-r2.ts';
import { createDial, type DialNeeds, relayOpener } from './adapters/dialer.ts';
import { createDirectory } from './adapters/directory.ts';
import { newDkimKey } from './adapters/dkim-key.ts';
import { EDGE_ALLOWANCE, REPLAY_ALLOWANCE, rememberAnswers } from './adapters/dns-memory.ts';
import { createLookUp, EDGE_ANSWER_MS } from './adapters/dns-records.ts';
import { createExportStore } from './adapters/export-d1.ts';
import { createFilterMemory } from './adapters/filter-memory.ts';
import { createFilterStore } from './adapters/filters-d1.ts';
import { createHashList } from './adapters/hash-list.ts';
import { createKnock } from './adapters/knock.ts';
import { createLinkTokens } from './adapters/link-tokens.ts';
import { log } from './adapters/log.ts';
import { countShown, createMailboxIndex } from './adapters/mailbox-index-d1.ts';
import { platformOpener } from './adapters/notice-mail.ts';
import { createAccessTokens } from './adapters/oauth-tokens.ts';
import {
  createClientPorts,
  createDomainPorts,
  createExportPorts,
  createQuarantinePorts,
  createWatchPort,
} from './adapters/object-ports.ts';
import { hashPassword, verifyPassword } from './adapters/passwords.ts';
import { createResolvers } from './adapters/resolver.ts';
import { createScanners, SCAN_MS } from './adapters/scanners.ts';
import { createSeal, type Seal } from './adapters/seal.ts';
import { sparingLog } from './adapters/sparing-log.ts';
import { createTraffic, type Traffic } from './adapters/traffic.ts';
import { createWebhookCaller, WEBHOOK_MS } from './adapters/webhook.ts';
import type { ClientId } from './core/ids.ts';
import { problemOf } from './core/problem-of.ts';
import { SYSTEM_TOKEN_LENGTH } from './core/system-address.ts';
import type { ClientObjectNeeds } from './durable/client-core.ts';
import type { WatchObjectNeeds } from './durable/watch-object.ts';
import { type Bindings, readSettings, type Settings } from './env.ts';
import { baseModel } from './filter/base-model.ts';
import type { HttpNeeds } from './http/needs.ts';
import { readArcKey } from './mime/arc-key.ts';
import type { Incoming, ReceiveNeeds } from './pipeline/arrival.ts';
import { authenticate } from './pipeline/authenticate.ts';
import type { ClientView } from './pipeline/client-port.ts';
import { createDkimSigner } from './pipeline/dkim.ts';
import { type FilterNeeds, type FilterTerms, filter, filterEach } from './pipeline/filter.ts';
import { sealPeer } from './pipeline/given-peer.ts';
import { type LookUp, recordsOf } from './pipeline/look-up.ts';
import { noticeSender } from './pipeline/own-letter.ts';
import { parcelOf, type Vouch } from './pipeline/parcel.ts';
import { push } from './pipeline/push.ts';
import { readTokens } from './pipeline/read-tokens.ts';
import { receive } from './pipeline/receive.ts';
import { checkSpf } from './pipeline/spf.ts';
import { createStandings } from './pipeline/standings.ts';
import { type SubmitNeeds, submit } from './pipeline/submit.ts';
import { createVouch, onceAnHour } from './pipeline/vouch.ts';
import { EDGE_TIMEOUTS, PATIENT_TIMEOUTS, PROBE_TIMEOUTS } from './smtp/timeouts.ts';

export type Composition = {
  readonly http: HttpNeeds;
  readonly receive: ReceiveNeeds;
  /** clients whose object lags behind D1 are told again */
  pushUnpushed(): Promise<void>;
};

export function compose(env: Bindings): Composition {
  const settings = readSettings(env);
  const seal = createSeal(settings.sealKey);
  const ports = createClientPorts(env.CLIENTS);
  const domain = createDomainPorts(env.DOMAINS);
  const directory = createDirectory({ clients: ports, domains: domain }, now);
  const clients = createClientStore(env.DB);
  const pushOne = (clientId: ClientId) => push(clientId, { clients, ports, domain });
  const filtering = composeFilter(env, settings, { seal, ports });
  const traffic = createTraffic(ports, { now, wait }, waitUntil);
  const parts = { seal, ports, directory, filtering, traffic };
  const receiveNeeds = composeReceive(env, settings, parts);
  return {
    receive: receiveNeeds,
    http: composeHttp(env, settings, { ...parts, domain, clients, pushOne, receiveNeeds }),
    async pushUnpushed() {
      for (const clientId of await clients.unpushed()) {
        // One client whose object cannot be asked must not keep the others from being told.
        await pushOne(clientId).catch((problem: unknown) => {
          log({ kind: 'trouble', clientId, where: 'push', problem: problemOf(problem) });
        });
      }
    },
  };
}

type Parts = {
  readonly seal: Seal;
  readonly ports: ReturnType<typeof createClientPorts>;
  readonly directory: ReturnType<typeof createDirectory>;
  readonly filtering: Filtering;
  readonly traffic: Traffic;
};

/** The same for what comes in and for what people write, so that what is remembered of a client's filter is remembered once. */
type Filtering = { readonly needs: FilterNeeds; terms(view: ClientView): Promise<FilterTerms> };

function composeFilter(
  env: Bindings,
  { allowPrivate, ownHosts, dnsResolvers, scanners, hashList }: Settings,
  { seal, ports }: Pick<Parts, 'seal' | 'ports'>,
): Filtering {
  const trouble = (where: string) => onceAnHour(now, (problem) => log({ kind: 'trouble', where, problem }));
  const resolvers = createLookUp(dnsResolvers, EDGE_ANSWER_MS);
  const lookUp = dnsResolvers.length === 0 ? undefined : rememberAnswers(resolvers, now, EDGE_ALLOWANCE);
  const authenticateNeeds = { lookUp, now, startTimer, trouble: trouble('authenticate') };
  const contents = createContentStore(env.CONTENT);
  const memory = createFilterMemory(ports, baseModel, log);
  return {
    needs: {
      authenticate: (subject) => authenticate(subject, authenticateNeeds),
      scannersOf: createScanners({
        policy: { allowPrivate, ownHosts },
        seal,
        deployment: scanners,
        limitMs: SCAN_MS,
      }),
      badHashes: createHashList(hashList, {
        get: (key) => contents.get(key),
        now,
        trouble: trouble('hash-list'),
      }),
      startTimer,
      log: sparingLog(log, now),
    },
    async terms(view) {
      const [plan, model] = await Promise.all([memory.plan(view), memory.model(view)]);
      return { plan, model, ownDomains: view.snapshot.domains };
    },
  };
}

function composeReceive(
  env: Bindings,
  settings: Settings,
  { seal, ports, directory, filtering, traffic }: Parts,
): ReceiveNeeds {
  const standings = createStandings();
  return {
    serviceHost: settings.serviceHost,
    findClient: directory.findClient,
    view: directory.view,
    forgetDomain: directory.forgetDomain,
    filter: async (subject, view) => filter(subject, await filtering.terms(view), filtering.needs),
    holds: (clientId, retryKey) => ports(clientId).holds(retryKey),
    async spool(entry, placement) {
      const spooled = await ports(entry.clientId).spool(entry, placement);
      directory.noteState(entry.clientId, spooled.state);
      return spooled;
    },
    knowsRecipient: (clientId, recipient) => ports(clientId).knowsRecipient(recipient),
    abandon: (clientId, id) => ports(clientId).abandon(id),
    declareByMessage: (clientId, message) => ports(clientId).declareByMessage(message),
    noteDelivered: traffic.delivered,
    noteRejected: traffic.rejected,
    noteFiltered: traffic.filtered,
    contents: createContentStore(env.CONTENT),
    gateways: (snapshot, place) => standings.gateways(snapshot, { now, place }),
    dial: createDial({ heloName: settings.serviceHost, timeouts: EDGE_TIMEOUTS }, dialNeedsOf(settings, seal)),
    now,
    startTimer,
    newMessageId,
    log,
  };
}

type HttpParts = Parts & {
  readonly domain: ReturnType<typeof createDomainPorts>;
  readonly clients: ReturnType<typeof createClientStore>;
  readonly pushOne: HttpNeeds['push'];
  readonly receiveNeeds: ReceiveNeeds;
};

function composeHttp(env: Bindings, settings: Settings, parts: HttpParts): HttpNeeds {
  const { seal, ports, domain, directory, clients, receiveNeeds, filtering } = parts;
  const contents = createContentStore(env.CONTENT);
  const lookUp = createLookUp(settings.dnsResolvers);
  const submitNeeds: SubmitNeeds = {
    contents,
    view: directory.view,
    filter: async (subject, recipients, view) =>
      filterEach(subject, recipients, await filtering.terms(view), filtering.needs),
    noteFiltered: parts.traffic.filtered,
    hasRelay: settings.relay !== undefined,
    submittedBefore: (clientId, retryKey) => ports(clientId).submittedBefore(retryKey),
    submit: (clientId, entries, placements) => ports(clientId).submit(entries, placements),
    now,
    newMessageId,
    serviceHost: settings.serviceHost,
  };
  return {
    operatorToken: settings.operatorToken,
    ingestToken: settings.ingestToken,
    serviceHost: settings.serviceHost,
    arcKey: readArcKey(settings.arcKey),
    checksByDns: settings.dnsResolvers.length > 0,
    allowPrivatePeers: settings.allowPrivate,
    ownHosts: settings.ownHosts,
    clients,
    filters: createFilterStore(env.DB),
    accounts: createAccountStore(env.DB),
    ports,
    exports: createExportPorts(env.CLIENTS),
    exportStore: createExportStore(env.DB),
    quarantines: createQuarantinePorts(env.CLIENTS),
    readTokens: (message) =>
      readTokens(message, { contents, authenticate: (subject) => parts.filtering.needs.authenticate(subject) }),
    domain,
    findClient: directory.findClient,
    view: directory.view,
    contents,
    receive: (incoming: Incoming) => receive(incoming, receiveNeeds),
    submit: (submission, author) => submit(submission, author, submitNeeds),
    push: parts.pushOne,
    sealPeer: (given) => sealPeer(given, seal.seal),
    sealSecret: seal.seal,
    relay: settings.relay,
    newDkimKey: () => newDkimKey(seal),
    textRecords: (name) => recordsOf(lookUp, name, 'TXT'),
    checkSpf: (domains, host) => checkSpf(domains, host, { lookUp, now }),
    hashPassword,
    verifyPassword,
    now,
    newRuleId: newMessageId,
    isLinkToken: createLinkTokens(settings.sealKey).isLinkToken,
    newWebhookSecret: newToken,
    newSystemToken: () => newLetters(SYSTEM_TOKEN_LENGTH),
    log,
  };
}

/** The same tokens for all that is dialled from here: one more asked for is one more that can go wrong. */
function dialNeedsOf({ allowPrivate, ownHosts }: Settings, seal: Seal): DialNeeds {
  return { seal, tokens: createAccessTokens({ policy: { allowPrivate, ownHosts }, seal, now }) };
}

/** How mail leaves that is not for a client's gateway, unless the client has a relay of its own (pipeline/relay.ts). */
function waysOf(
  env: Bindings,
  { relay, serviceHost }: Settings,
): Pick<ClientObjectNeeds, 'openRelay' | 'openPlatform'> {
  return {
    openRelay: relayOpener(relay, { heloName: serviceHost, timeouts: PATIENT_TIMEOUTS }),
    openPlatform:
      env.NOTICE_MAIL === undefined ? undefined : platformOpener(env.NOTICE_MAIL, noticeSender(serviceHost)),
  };
}

/** What a client object works with. Read when the object starts: a deployment that is not configured says so there too. */
export function composeClientObject(env: Bindings): ClientObjectNeeds {
  const settings = readSettings(env);
  const contents = createContentStore(env.CONTENT);
  const { allowPrivate, ownHosts } = settings;
  const seal = createSeal(settings.sealKey);
  const dialNeeds = dialNeedsOf(settings, seal);
  const lookUp = createLookUp(settings.dnsResolvers);
  const vouch = composeVouch(settings, lookUp);
  return {
    now,
    wait,
    startTimer,
    random,
    newOutageId,
    newLinkToken: createLinkTokens(settings.sealKey).newLinkToken,
    publicUrl: settings.publicUrl,
    newMessageId,
    contents,
    serviceHost: settings.serviceHost,
    dial: createDial({ heloName: settings.serviceHost, timeouts: PATIENT_TIMEOUTS }, dialNeeds),
    ...waysOf(env, settings),
    signOutbound: createDkimSigner({
      textRecords: (name) => recordsOf(lookUp, name, 'TXT'),
      openSecret: seal.open,
      log,
    }),
    callWebhook: createWebhookCaller({ allowPrivate, ownHosts, timeoutMs: WEBHOOK_MS }, seal),
    operatorAddresses: settings.operatorAddresses,
    ...createWatchPort(env.WATCH),
    probeDial: createDial({ heloName: settings.serviceHost, timeouts: PROBE_TIMEOUTS }, dialNeeds),
    askResolvers: createResolvers(settings.dnsResolvers),
    knock: createKnock({ allowPrivate }),
    parcel: (entry) =>
      parcelOf(entry, { serviceHost: settings.serviceHost, body: () => contents.get(entry.contentKey), vouch }),
    index: createMailboxIndex(env.DB),
    countShown: (clientId) => countShown(env.DB, clientId),
    log,
  };
}

/** An unusable key is told of once for each start of an object; a message that cannot be sealed, once an hour. */
function composeVouch({ arcKey, dnsResolvers, serviceHost }: Settings, lookUp: LookUp): Vouch {
  const read = readArcKey(arcKey);
  if (read.kind === 'unusable') log({ kind: 'trouble', where: 'arc-key', problem: read.problem });
  return createVouch({
    serviceHost,
    key: read.kind === 'ready' ? read.key : undefined,
    lookUp: dnsResolvers.length === 0 ? undefined : rememberAnswers(lookUp, now, REPLAY_ALLOWANCE),
    now,
    trouble: onceAnHour(now, (problem) => log({ kind: 'trouble', where: 'vouch', problem })),
  });
}

export function composeWatchObject(env: Bindings): WatchObjectNeeds {
  const settings = readSettings(env);
  const { serviceHost, operatorAddresses } = settings;
  const { openRelay, openPlatform } = waysOf(env, settings);
  return { now, newMessageId, serviceHost, operatorAddresses, openRelay: openRelay ?? openPlatform, log };
}
