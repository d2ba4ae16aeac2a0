/** Each sign on a message that has it, and on one that nearly has it. A plain letter has none. */
import { describe, expect, it, test } from 'vitest';
import type { LinkFacts, MessageFacts } from '../../../src/core/message-facts.ts';
import { NO_MARKUP, NOT_AUTHENTICATED } from '../../../src/core/message-facts.ts';
import { readingOf } from '../../../src/core/spam/reading.ts';
import { SIGNS } from '../../../src/core/spam/signs.ts';
import { attached, messageFacts } from '../../support/message-facts.ts';

type Given = Parameters<typeof messageFacts>[0];

const from = (address: string, name = '') => [{ name, address }];
const link = (url: string, text = 'here', where: LinkFacts['from'] = 'href'): LinkFacts => ({
  url,
  host: /^https?:\/\/(?:[^/?#]*@)?([^/?#:]+)/i.exec(url)?.[1]?.toLowerCase() ?? '',
  text,
  from: where,
});
const html = (text: string): Given => ({ texts: [{ kind: 'html', text, isTruncated: false }] });
const plain = (text: string): Given => ({ texts: [{ kind: 'plain', text, isTruncated: false }] });
const field = (name: string, value: string): Given => ({ headers: { fields: [{ name, value }] } });
const checked = (given: Partial<MessageFacts['authentication']>): Given => ({
  authentication: { ...NOT_AUTHENTICATED, source: 'platform', ...given },
});
const subject = (text: string): Given => ({ headers: { subject: text } });
const markup = (given: Partial<MessageFacts['markup']>): Given => ({ markup: { ...NO_MARKUP, ...given } });

/** name, what has it, what does not */
const CASES: readonly (readonly [string, Given, Given])[] = [
  ['dmarc-fail', checked({ dmarc: 'fail' }), checked({ dmarc: 'none' })],
  ['spf-fail', checked({ spf: 'fail' }), checked({ spf: 'softfail' })],
  ['spf-softfail', checked({ spf: 'softfail' }), checked({ spf: 'neutral' })],
  ['sender-errors', checked({ spf: 'permerror' }), checked({ spf: 'none' })],
  ['nobody-vouches', checked({ spf: 'none', dkim: 'none' }), checked({ spf: 'none', dkim: 'pass' })],
  ['dmarc-pass', checked({ dkim: 'pass', dmarc: 'pass' }), checked({ dkim: 'none', dmarc: 'pass' })],
  [
    'not-aligned',
    { ...checked({ spf: 'pass', dkim: 'none' }), envelope: { reversePath: 'x@rented.example' } },
    { ...checked({ spf: 'pass', dkim: 'pass' }), envelope: { reversePath: 'x@rented.example' } },
  ],
  [
    'brand-elsewhere',
    { headers: { from: from('a@garden.example', 'PayPal Service') } },
    { headers: { from: from('a@mail.paypal.com', 'PayPal Service') } },
  ],
  [
    'brand-elsewhere',
    { headers: { from: from('a@garden.example', 'Ledger Support') } },
    { headers: { from: from('a@garden.example', 'The General Ledger Course') } },
  ],
  [
    'brand-elsewhere',
    { headers: { from: from('a@amazon.buzz', 'Amazon') } },
    { headers: { from: from('l@list.example', 'Pay Pal via Users') } },
  ],
  [
    'brand-in-domain',
    { headers: { from: from('a@netflix-billing.example') } },
    { headers: { from: from('a@netflix.com') } },
  ],
  [
    'brand-in-subject',
    { ...subject('Your Netflix membership'), links: [link('https://x.example/a')] },
    { ...subject('Your Netflix membership'), links: [link('https://netflix.com/a')] },
  ],
  [
    'office-free-mail',
    { headers: { from: from('a@gmail.com', 'Customer Service') } },
    { headers: { from: from('a@gmail.com', 'Ann Adams') } },
  ],
  [
    'name-is-address',
    { headers: { from: from('a@strange.example', 'boss@firm.example') } },
    { headers: { from: from('boss@mail.firm.example', 'boss@firm.example') } },
  ],
  ['no-sender', { headers: { from: from('service@parcel') } }, { headers: { from: from('service@parcel.example') } }],
  ['several-senders', { headers: { from: [...from('a@b.example'), ...from('c@d.example')] } }, {}],
  [
    'name-is-pitch',
    { headers: { from: from('a@b.example', 'Exclusive Deals') } },
    { headers: { from: from('a@b.example', 'Osprey Outdoor') } },
  ],
  [
    'path-elsewhere',
    { ...html('a'), envelope: { reversePath: 'x@strange.example' }, links: [link('https://other.example/a')] },
    { ...html('a'), links: [link('https://other.example/a')] },
  ],
  ['sender-elsewhere', field('sender', 'x <x@gmail.com>'), field('sender', 'x <x@lists.example>')],
  [
    'three-domains',
    { ...html('a'), headers: { replyTo: from('x@second.example') }, links: [link('https://third.example/a')] },
    { ...html('a'), headers: { replyTo: from('x@elsewhere.example') }, links: [link('https://third.example/a')] },
  ],
  [
    'self-with-link',
    { headers: { from: from('ann@firm.example', 'Ann') }, links: [link('https://third.example/a')] },
    { headers: { from: from('ann@firm.example', 'Ann') }, links: [link('https://firm.example/a')] },
  ],
  ['free-hosting-sender', { headers: { from: from('a@x1.firebaseapp.com') } }, {}],
  [
    'free-mail-forged',
    { headers: { from: from('a@yahoo.com'), messageId: '<1@host>' } },
    { headers: { from: from('a@yahoo.com'), messageId: '<1@mail.yahoo.com>' } },
  ],
  [
    'message-id-from-here',
    { headers: { messageId: '<1@mx.firm.example>' } },
    { headers: { messageId: '<1@elsewhere.example>' } },
  ],
  ['rented-host', { envelope: { helo: 'vps-11.host.example' } }, { envelope: { helo: 'vps-11.elsewhere.example' } }],
  ['random-helo', { envelope: { helo: 'x7k2m9q4.example' } }, { envelope: { helo: 'mailserver.example' } }],
  [
    'digits-sender',
    { headers: { from: from('bobby4417@b.example') } },
    { headers: { from: from('bobby4@b.example') } },
  ],
  ['digits-free-mail', { headers: { from: from('bob.4417@gmail.com') } }, { headers: { from: from('bob@gmail.com') } }],
  [
    'reply-elsewhere',
    { headers: { replyTo: from('payout@gmail.com') } },
    { headers: { replyTo: from('bob@gmail.com') } },
  ],
  [
    'random-sender',
    { headers: { from: from('a@x7k2m9q4.example') } },
    { headers: { from: from('a@kontor-nordlicht.example') } },
  ],
  [
    'name-unlike-address',
    {
      ...html('offer'),
      headers: { from: from('mkolb@garden.example', 'Tax Refunds') },
      links: [link('https://b.test/')],
    },
    {
      ...html('offer'),
      headers: { from: from('mkolb@garden.example', 'Maria Kolb') },
      links: [link('https://b.test/')],
    },
  ],
  [
    'name-unlike-address',
    {
      ...html('offer'),
      headers: { from: from('mkolb@garden.example', 'Tax Refunds') },
      links: [link('https://b.test/')],
    },
    {
      ...html('offer'),
      headers: { from: from('mkolb@garden.example', 'Tax Refunds') },
      links: [link('https://b.test/'), link('https://www.garden.example/')],
    },
  ],
  [
    'domain-unsaid',
    { ...html('offer'), headers: { from: from('a@garden.example', 'Tax Refunds') }, links: [link('https://b.test/')] },
    {
      ...html('offer of Garden Ltd'),
      headers: { from: from('a@garden.example', 'Tax Refunds') },
      links: [link('https://b.test/')],
    },
  ],
  [
    'domain-unsaid',
    { ...html('offer'), headers: { from: from('a@garden.example', 'Tax Refunds') }, links: [link('https://b.test/')] },
    { ...html('offer'), headers: { from: from('kolb@garden.example', 'M. Kolb') }, links: [link('https://b.test/')] },
  ],
  [
    'domain-unsaid',
    { ...html('offer'), headers: { from: from('a@garden.example', 'Tax Refunds') }, links: [link('https://b.test/')] },
    {
      ...html('offer'),
      headers: { from: from('a@garden.example', 'Tax Refunds') },
      links: [link('https://b.test/'), link('https://pictures.garden.example/a.png', '', 'image')],
    },
  ],
  ['cheap-sender-domain', { headers: { from: from('a@b.buzz') } }, {}],
  ['bare-helo', { envelope: { helo: 'desktop' } }, { envelope: { helo: '' } }],
  ['to-self', { headers: { from: from('ann@firm.example') } }, {}],
  ['number-host', { links: [link('http://192.0.2.1/a')] }, { links: [link('http://192.0.2.1/a', 'a', 'text')] }],
  ['number-host', { links: [link('http://172.32.0.1/a')] }, { links: [link('http://172.16.0.1/a')] }],
  [
    'number-host-in-text',
    { links: [link('http://11.0.0.1/a', 'a', 'text')] },
    { links: [link('http://10.0.0.1/a', 'a', 'text')] },
  ],
  [
    'number-host-in-text',
    { links: [link('http://192.0.2.1/a', 'a', 'text')] },
    { links: [link('http://b.example/a', 'a', 'text')] },
  ],
  [
    'link-shows-other',
    { links: [link('https://c.example/', 'www.b.example')] },
    { links: [link('https://go.b.example/', 'www.b.example')] },
  ],
  [
    'link-shows-brand',
    { links: [link('https://c.example/', 'https://paypal.com/login')] },
    { links: [link('https://www.paypal.com/', 'paypal.com')] },
  ],
  ['brand-in-link', { links: [link('https://paypal.secure.example/')] }, { links: [link('https://paypal.com/')] }],
  ['shortened', { links: [link('https://is.gd/a')] }, { links: [link('https://is.good.example/a')] }],
  ['free-hosting', { links: [link('https://a.web.app/')] }, { links: [link('https://web.example/')] }],
  [
    'redirect',
    { links: [link('https://www.google.com/url?q=https://x.example')] },
    { links: [link('https://www.google.com/search?q=x')] },
  ],
  ['user-in-link', { links: [link('https://paypal.com@x.example/')] }, { links: [link('https://x.example/@ann')] }],
  ['script-link', { links: [link('data:text/html;base64,AAAA')] }, { links: [link('cid:1')] }],
  ['placeholder', subject('Hello {{first_name}}'), subject('Hello {Ann}')],
  ['cheap-link-domain', { links: [link('https://a.top/')] }, { links: [link('https://top.example/')] }],
  [
    'random-link-host',
    { links: [link('https://bsnwoc9a59s0.example/')] },
    { links: [link('https://kundenportal.example/')] },
  ],
  ['look-alike-link', { links: [link('https://аpple.example/')] }, { links: [link('https://яблоко.example/')] }],
  [
    'links-elsewhere',
    { ...html('a'), links: [link('https://c.example/')] },
    { ...html('a'), links: [link('https://c.example/'), link('https://d.example/')] },
  ],
  [
    'borrowed-pictures',
    { links: [link('https://c.example/'), link('https://i.imgur.com/a.png', '', 'image')] },
    { links: [link('https://i.imgur.com/a.png', '', 'image')] },
  ],
  [
    'brand-pictures',
    { links: [link('https://c.example/'), link('https://metamask.io/a.png', '', 'image')] },
    { links: [link('https://metamask.io/'), link('https://metamask.io/a.png', '', 'image')] },
  ],
  ['odd-port', { links: [link('http://c.example:8081/')] }, { links: [link('https://c.example:443/')] }],
  [
    'random-link-path',
    { links: [link('http://c.example/4vRQIY6296zGuG202hwrzg')] },
    { links: [link('http://c.example/annual-report-of-the-firm')] },
  ],
  [
    'scattered-hosts',
    { links: ['1a', '2b', '3c'].map((name) => link(`http://${name}.c.example/`)) },
    { links: ['1a', '2b', '3c'].map((name) => link(`http://${name}.elsewhere.example/`)) },
  ],
  [
    'pictures-elsewhere',
    { links: [link('https://c.example/'), link('https://picload.example/a.png', '', 'image')] },
    { links: [link('https://c.example/'), link('https://static.c.example/a.png', '', 'image')] },
  ],
  ['links-home', { links: [link('https://shop.elsewhere.example/')] }, { links: [link('https://c.example/')] }],
  [
    'vouched-and-home',
    { ...checked({ dmarc: 'pass' }), links: [link('https://shop.elsewhere.example/')] },
    { ...checked({ dmarc: 'none' }), links: [link('https://shop.elsewhere.example/')] },
  ],
  [
    'recipient-in-link',
    { links: [link('https://c.example/?e=ann@firm.example')] },
    { links: [link('https://c.example/?e=1')] },
  ],
  ['disguised-subject', subject('Yоur accоunt'), subject('Ваш счёт 24')],
  ['disguised-text', plain('P͓̽l͓̽e͓̽a͓̽s͓̽e͓̽'), plain('Déjà vu, naïveté, Ångström')],
  [
    'hidden-text',
    markup({ hiddenCharacters: 900, visibleCharacters: 100 }),
    markup({ hiddenCharacters: 300, visibleCharacters: 100 }),
  ],
  ['password-field', markup({ passwordFields: 1 }), markup({ forms: 1 })],
  ['form', markup({ forms: 1 }), {}],
  ['script', markup({ iframes: 1 }), {}],
  [
    'one-picture',
    { ...html('Look'), ...markup({ remoteImages: 1 }), links: [link('https://c.example/')] },
    { ...html('Look'), ...markup({ remoteImages: 1 }) },
  ],
  ['qr-code', { ...html('Scan the code to go on'), ...markup({ remoteImages: 1 }) }, html('Scan the code to go on')],
  ['html-attachment', { parts: [attached('Invoice.html')] }, { parts: [attached('Invoice.pdf')] }],
  [
    'tricked-name',
    { parts: [attached('a.pdf.exe', { tricks: ['double-extension'] })] },
    { parts: [attached('a.pdf')] },
  ],
  ['program-attached', { parts: [attached('a.scr')] }, { parts: [attached('a.zip')] }],
  ['emoji-subject', subject('🎁 for you'), subject('for you :-)')],
  ['many-emoji', subject('🎁🎁🎁'), subject('🎁🎁')],
  ['shouted-subject', subject('YOU HAVE BEEN CHOSEN'), subject('IT NEWS')],
  ['exclaimed-subject', subject('For you!'), subject('For you! says Bob')],
  ['coded-subject', subject('Your account 8120-TOLFP'), subject('Your account in May')],
  ['spaced-subject', subject('Hello        kxzzq'), subject('Hello   you')],
  ['advertisement-label', subject('ADV: cheap'), subject('Advice for you')],
  ['garbled-subject', subject('±¤°í¿äÁò'), subject('Grüße aus Kiel')],
  ['coded-text', plain('7496fcQA2-9l10\nFor you'), plain('Invoice-2025\nFor you')],
  ['toll-free', plain('Call 1-800-555-0199 today'), plain('Call 040-555-0199 today')],
  ['odd-message-id', { headers: { messageId: '<1$2@>' } }, { headers: { messageId: '<1$2@kudu>' } }],
  ['mislabelled-html', plain('<html><body>Hi'), plain('See <html> for more')],
  ['no-subject', subject(''), {}],
  ['false-reply', subject('Re: your order'), { headers: { subject: 'Re: your order', isReply: true } }],
  ['recipient-in-subject', subject('Mailbox of ann@firm.example'), subject('Mailbox of Ann')],
  [
    'recipient-name-in-subject',
    { headers: { subject: 'Hey annabel, look', to: from('annabel@firm.example') } },
    { headers: { subject: '[annabel] look', to: from('annabel@lists.example') } },
  ],
  ['percent-in-subject', subject('80% less'), subject('80 less')],
  [
    'greets-address',
    { ...plain('Hello ann@firm.example, look'), headers: { to: from('ann@firm.example') } },
    plain('Hello Ann, look'),
  ],
  ['money-in-subject', subject('Your 1.500 € bonus'), subject('Your bonus of 3')],
  ['stranger-in-text', plain('Write to dr.payout@gmail.com'), plain('Write to bob@elsewhere.example')],
  ['nobody-addressed', { headers: { to: [] } }, {}],
  ['no-message-id', {}, { headers: { messageId: '<1@elsewhere.example>' } }],
  [
    'windows-message-id',
    { headers: { messageId: '<1@WIN-HM6FI4VOIEP>' } },
    { headers: { messageId: '<1@win.example>' } },
  ],
  [
    'recipient-in-message-id',
    { headers: { messageId: '<1.ann@firm.example.2@x.example>' } },
    { headers: { messageId: '<1@x.example>' } },
  ],
  ['only-html', html('a'), {}],
  ['urgent-header', field('x-priority', '1 (Highest)'), field('x-priority', '3')],
  [
    'program-forged',
    { headers: { ...field('x-mailer', 'Microsoft Outlook Express 6.0')?.headers, messageId: '<abc@x>' } },
    {
      headers: {
        ...field('x-mailer', 'Microsoft Outlook Express 6.0')?.headers,
        messageId: '<000701c20d71$46ad2550$0a02a8c0@pc>',
      },
    },
  ],
  ['sending-script', field('x-php-originating-script', '0:a.php'), field('x-mailer', 'Thunderbird')],
  [
    'knows-name',
    { ...plain('Hello Anna, how are you?'), headers: { to: from('anna.adams@firm.example') } },
    { ...plain('Hello there'), headers: { to: from('anna.adams@firm.example') } },
  ],
  ['answers', { ...plain('> a\nYes.'), headers: { isReply: true } }, plain('> a\nYes.')],
  ['asks-nothing', plain('How are you?'), plain('Call 040 555 0199')],
  ['words-credentials', plain('Please verify your account'), plain('The accounts were verified')],
  ['words-threat', plain('Your account has been suspended'), plain('The talks have been suspended')],
  ['words-prize', plain('Claim your free reward'), plain('The claim was settled')],
  ['words-fortune', plain('the next of kin of my client'), plain('the next train')],
  ['words-crypto', plain('The airdrop is live'), plain('Keep your private notes')],
  ['words-gambling', plain('250 Freispiele'), plain('Die Spiele beginnen')],
  ['words-dating', plain('lonely housewives'), plain('the date of the meeting')],
  ['words-medicine', plain('online pharmacy'), plain('the pharmacist of the town')],
  ['words-loans', plain('bad credit, no problem'), plain('credit to the author')],
  ['words-riches', plain('make money from home'), plain('the money is on the table')],
  ['words-bulk', plain('first page of Google'), plain('page 1 of 3')],
  ['words-goods', plain('Order now'), plain('In order')],
  ['words-excuse', plain('This is not spam'), plain('This is not him')],
  ['words-greeting', plain('Dear customer,'), plain('Dear Ann,')],
  ['words-parcel', plain('Your parcel is on hold'), plain('Your parcel arrives tomorrow')],
  ['words-court', plain('Tax refund'), plain('The court is closed')],
  ['words-callback', plain('If you did not authorize this charge, call'), plain('Call me')],
  ['words-hurry', plain('Last chance'), plain('The last train')],
  [
    'fortune-by-letter',
    { ...plain('The fortune of 5 million dollars'), headers: { from: from('a@gmail.com') } },
    plain('The fortune of 5 million dollars'),
  ],
  ['fortune-story', plain('The late president, next of kin, god bless you'), plain('The late president')],
  [
    'call-this-number',
    plain('If you did not make this purchase of $ 300 call (888) 555-0199'),
    plain('If you did not make this purchase of $ 300 write'),
  ],
  ['many-topics', plain('Casino. Claim your reward. Make money. Online pharmacy.'), plain('Casino. Make money.')],
  ['topic-in-subject', subject('Casino bonus'), plain('Casino bonus')],
  [
    'threat-and-click',
    { ...plain('Your account has been suspended'), links: [link('https://c.example/')] },
    { ...plain('Your account has been suspended'), links: [link('https://elsewhere.example/')] },
  ],
];

const seenIn = (given: Given) => {
  const reading = readingOf(messageFacts(given));
  return SIGNS.filter(({ see }) => see(reading) !== undefined).map(({ name }) => name);
};

it('a link that a filter on the way has rewritten is none that shows another', () => {
  const rewritten = link(
    'https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fb.example',
    'www.b.example',
  );
  expect(seenIn({ ...html('a'), links: [rewritten] })).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/link-shows-other|redirect|links-elsewhere/)]),
  );
});

test.each(CASES)('%s', (name, having, lacking) => {
  expect(seenIn(having)).toContain(name);
  expect(seenIn(lacking)).not.toContain(name);
});

describe('the signs', () => {
  it('have a case each, and a name of their own', () => {
    const names = SIGNS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !CASES.some(([of]) => of === name))).toEqual([]);
  });

  it('say in words what was seen', () => {
    for (const [name, having] of CASES) {
      const reading = readingOf(messageFacts(having));
      expect(SIGNS.find((sign) => sign.name === name)?.see(reading)).toMatch(/\w{3,}/);
    }
  });

  it('find little in a plain letter', () => {
    expect(seenIn({ headers: { messageId: '<1@elsewhere.example>' } })).toEqual(['asks-nothing']);
  });
});
