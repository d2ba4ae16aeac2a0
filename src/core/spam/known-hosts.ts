/** Hosts and domains whose kind is known. Small on purpose: the ones met everywhere; what a list misses, other signs find. */
import { registrableDomain } from './domains.ts';

const set = (words: string) => new Set(words.split(/\s+/));

/** Anybody gets an address there within a minute; organisations do not write from it. */
const FREE_MAIL = set(
  `gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com rocketmail.com aol.com icloud.com me.com mail.com email.com
  gmx.de gmx.net gmx.at gmx.com web.de freenet.de t-online.de yandex.com yandex.ru mail.ru inbox.ru list.ru bk.ru rambler.ru protonmail.com proton.me
  tutanota.com zoho.com qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net libero.it virgilio.it tiscali.it laposte.net orange.fr free.fr
  wanadoo.fr sfr.fr uol.com.br bol.com.br terra.com.br ig.com.br wp.pl o2.pl onet.pl interia.pl seznam.cz excite.com lycos.com netscape.net
  yahoo.co.uk yahoo.co.jp yahoo.fr yahoo.de yahoo.es yahoo.it yahoo.com.br hotmail.co.uk hotmail.fr hotmail.de hotmail.es hotmail.it
  outlook.fr outlook.de outlook.es outlook.jp live.co.uk live.fr live.nl rediffmail.com mail.bg abv.bg zohomail.com
  centrum.cz volny.cz post.cz myway.com sify.com juno.com netzero.net caramail.com mailcity.com 21cn.com 263.net tom.com usa.net freemail.hu indiatimes.com
  btamail.net.cn hinet.net safe-mail.net hushmail.com`,
);

/** What they lead to is not seen from the link. */
const SHORTENERS = set(
  `bit.ly tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly shorturl.at t.ly rb.gy lnkd.in geni.us ln.run s.id bl.ink tiny.cc
  short.gy shorturl.gg urlz.fr x.gd qr.ae qrco.de 1url.io u.to clck.ru vk.cc soo.gd bit.do adf.ly dub.sh linktr.ee l.ead.me snip.ly kutt.it me2.kr
  n9.cl acortar.link encurtador.com.br da.gd t2m.io han.gl tr.ee zpr.io wa.link page.link app.link onelink.me lnk.to smarturl.it short.io tny.im surl.li
  urlzs.com did.li gg.gg ur0.jp 2u.pw reurl.cc shrtco.de`,
);

/** Anybody publishes a page there within a minute, below the name of the host. */
const FREE_HOSTING = set(
  `firebaseapp.com web.app blogspot.com weebly.com wixsite.com web.core.windows.net blob.core.windows.net azurewebsites.net azureedge.net azurefd.net
  r2.dev pages.dev workers.dev netlify.app vercel.app herokuapp.com onrender.com run.app ipfs.io dweb.link cloudflare-ipfs.com godaddysites.com
  glitch.me surge.sh repl.co replit.app sites.google.com forms.gle storage.googleapis.com s3.amazonaws.com amplifyapp.com cloudwaysapps.com
  wordpress.com webflow.io square.site mystrikingly.com ukit.me 000webhostapp.com translate.goog github.io gitbook.io typeform.com jotform.com framer.website framer.app
  webnode.page wixstudio.io trycloudflare.com ngrok.io ngrok-free.app digitaloceanspaces.com linodeobjects.com backblazeb2.com myqcloud.com aliyuncs.com
  duckdns.org ddns.net no-ip.org hopto.org serveo.net plesk.page zapto.org sytes.net dynv6.net geocities.com tripod.com angelfire.com cloudapp.azure.com web.com.br
  awsapps.com teachable.com carrd.co notion.site canva.site my.canva.site docs.google.com drive.google.com script.google.com`,
);

/** Pictures anybody may put there; an organisation has its own place for its logo. */
const PICTURE_HOSTS = set(
  `imgur.com i.imgur.com iili.io postimg.cc i.postimg.cc zupimages.net ibb.co imgbb.com imgtr.ee logowik.com freeimage.host upload.wikimedia.org
  photobucket.com imageshack.us tinypic.com gyazo.com prnt.sc imgbox.com pixhost.to hizliresim.com lensdump.com imageshack.com ibb.co.com
  casimages.com servimg.com directupload.net picturepush.com encrypted-tbn0.gstatic.com logos-world.net 1000logos.net seeklogo.com cdnlogo.com pinimg.com`,
);

/** Top-level domains sold for next to nothing, where names to throw away are bought (reports of abuse per registration). */
const CHEAP_TOPS = set(
  `buzz top xyz click icu club life live online site shop store space website fun bond cfd sbs cyou quest lol rest monster beauty hair skin makeup
  boats homes autos motorcycles yachts best bid win loan men date stream download racing party review trade webcam science faith cricket accountant
  gdn work link pw tk ml ga cf gq zip mov cam vip ltd biz help today rocks press digital wiki wang uno pro fit ink su xin`,
);

/** Hosts that show or carry what others publish: no word about who sent the message. */
const EVERYBODYS = set(
  `facebook.com twitter.com x.com instagram.com linkedin.com youtube.com youtu.be tiktok.com pinterest.com whatsapp.com wa.me telegram.org t.me google.com
  googleapis.com gstatic.com apple.com microsoft.com w3.org cloudfront.net fonts.net mozilla.org adobe.com schema.org wikipedia.org github.com
  amazonaws.com googleusercontent.com akamaihd.net fbcdn.net twimg.com`,
);

/** Services that send for others: their links and return paths stand in honest newsletters. */
const SENDING_SERVICES = set(
  `sendgrid.net list-manage.com mailchimp.com mcsv.net rsgsv.net mandrillapp.com amazonses.com mailgun.org mailgun.net sparkpostmail.com postmarkapp.com
  mtasv.net mailjet.com sendinblue.com brevo.com hubspotemail.net hubspotlinks.com hs-sites.com hubspot.com salesforce.com exacttarget.com exct.net
  marketo.com mktomail.com mkto-sj.com constantcontact.com rs6.net createsend.com cmail19.com cmail20.com klaviyomail.com klaviyo.com iterable.com
  braze.com customeriomail.com intercom-mail.com zendesk.com freshdesk.com cleverreach.com rapidmail.de newsletter2go.com mailerlite.com
  getresponse.com activehosted.com emarsys.net responsys.net bluehornet.com acemsrvc.com sailthru.com sendpulse.com elasticemail.com smtp2go.com
  doubleclick.net returnpath.net topica.com lyris.net online.com sparklist.com yahoogroups.com`,
);

/** Filters on the way rewrite the links of honest mail and of spam alike, to look at the page when somebody clicks. */
const REWRITERS = set(
  `safelinks.protection.outlook.com urldefense.com urldefense.proofpoint.com urldefense.us mimecast.com mimecastprotect.com cudasvc.com
  secure-web.cisco.com clicktime.symantec.com protect.fireeye.com trendmicro.com antispamcloud.com hornetsecurity.com protection.sophos.com avanan.click`,
);

export const isFreeMail = (domain: string): boolean => FREE_MAIL.has(domain);
export const isShortener = (host: string): boolean => belongs(SHORTENERS, host);
export const isFreeHosting = (host: string): boolean => belongs(FREE_HOSTING, host);
export const isPictureHost = (host: string): boolean => belongs(PICTURE_HOSTS, host);
export const isCheapTop = (host: string): boolean => CHEAP_TOPS.has(host.split('.').at(-1) ?? '');
export const isEverybodys = (host: string): boolean => EVERYBODYS.has(registrableDomain(host));

/** Its name in a link is no word about where the link leads, nor about who sent it. */
export const isSendingService = (host: string): boolean =>
  SENDING_SERVICES.has(registrableDomain(host)) || belongs(REWRITERS, host);

/** The host, or one above it, is listed. */
function belongs(list: ReadonlySet<string>, host: string): boolean {
  const labels = host.split('.');
  return labels.some((_, index) => list.has(labels.slice(index).join('.')));
}
