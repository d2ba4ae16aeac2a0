/**
 * Names that strangers like to write under, and the domains their owners write from. Whoever writes under such a name from elsewhere
 * pretends. `exact`: the name is also a common word, so it must be all there is (beside words like "team" or "support").
 */
import { chosenName } from './domains.ts';

type Brand = { readonly name: string; readonly domains: readonly string[]; readonly isExact: boolean };

// name = domain names (without the ending) its owner uses besides its own; "!" marks common words
const LIST = `!barmer; techniker krankenkasse=tk; !aok; dkb=dkb; targobank; sparda-bank=sparda; deutsche rentenversicherung=deutsche-rentenversicherung; bundesfinanzministerium=bundesfinanzministerium bund; postfinance; !ubs; credit suisse=credit-suisse; !raiffeisen; raiffeisenbank=raiffeisen; swisscom; !sbb; bawag; erste bank=erstebank sparkasse; !kbc; belfius; argenta; ziggo; !kpn; odido; digid; belastingdienst; !ics=icscards; bunq; ameli=assurance-maladie; assurance maladie=ameli; impots gouv=impots dgfip gouv; antai; la banque postale=labanquepostale; boursorama=boursobank; caisse d'epargne=caisse-epargne; bouygues telecom=bouyguestelecom; mondial relay=mondialrelay; correos; endesa; iberdrola; movistar; agencia tributaria=agenciatributaria; !inps; agenzia entrate=agenziaentrate; !enel; nexi; fineco=finecobank; evri; !yodel; canada post=canadapost; australia post=auspost; an post=anpost; postnord; osterreichische post=post; !inpost; poczta polska=poczta-polska;
ace hardware=acehardware; kohls; kohl's=kohls; macys; macy's=macys; sam's club=samsclub; sams club=samsclub; dick's sporting goods=dickssportinggoods; tractor supply=tractorsupply; omaha steaks=omahasteaks; t-mobile=tmobile; unitedhealthcare=uhc; !aarp; blue cross=bcbs; hulu; hbo max=hbomax; paramount plus=paramountplus; peacock tv=peacocktv; disney+=disney disneyplus; disney plus=disney disneyplus; youtube premium=youtube google; keurig; cabelas; oral-b=oralb; !dyson; milwaukee tools=milwaukeetool; ryobi; craftsman tools=craftsman; cracker barrel=crackerbarrel; !dunkin; trader joe's=traderjoes; !southwest=southwest; !marriott; !hilton; !toyota; !tesla; !samsung;
solana foundation=solana; cardano foundation=cardano cardanofoundation; polygon labs=polygon; !arbitrum; zksync; layerzero; lido finance=lido; pancakeswap; bitfinex; gemini exchange=gemini; bitpanda; kucoin; !huobi; gate io=gate; blockfi; celsius network=celsius; !nexo; robinhood; etoro; bitvavo; bitstamp; bitmart; myetherwallet; safepal; !electrum; atomic wallet=atomicwallet; coinmarketcap; rakuten card=rakuten; smbc; !mizuho; mizuho bank=mizuhobank; view card=viewsnet jreast; orico; paypay; mercari; apple pay=apple; google pay=google; amazon prime=amazon; prime video=amazon primevideo; microsoft account=microsoft; windows defender=microsoft; mcafee total protection=mcafee; !telegram; tiktok; snapchat; !twitter=x; pinterest; yahoo mail=yahoo; !yahoo=yahooinc yahoo-inc; !gmail=google; !hotmail=microsoft outlook;
!mercedes; !bmw; !volkswagen; obi markt=obi; !bauhaus; hornbach; douglas parfumerie=douglas; !sephora; !primark; !zara; !nike; !adidas; hellofresh; lieferando; rituals cosmetics=rituals; !action winkel=action; bol com=bol; coolblue; kruidvat; !hema; gamma bouwmarkt=gamma; leroy merlin=leroymerlin; !auchan; e.leclerc=leclerc; !leclerc; intermarche; !fnac; !cdiscount; !darty; mercadona; el corte ingles=elcorteingles; esselunga; !conad; magazine luiza=magazineluiza magalu; magalu=magazineluiza; !americanas; casas bahia=casasbahia; banco inter=inter bancointer; banco santander=santander; santander; !caixa=caixa; !receita=fazenda; sem parar=semparar; !claro=claro; !vivo=vivo; nubank=nu; picpay; !cielo=cielo;
paypal=paypalobjects paypal-communication; amazon=amazonses primevideo amazonaws amzn media-amazon ssl-images-amazon; ebay=ebaystatic ebayimg ebay-kleinanzeigen; netflix=nflximg; microsoft=outlook live office office365 microsoftonline hotmail msn azure windows;
office 365=microsoft office; outlook=microsoft live; google=gmail youtube gstatic googlemail googleusercontent; facebook=facebookmail fb meta; instagram=facebookmail; whatsapp; linkedin; apple id=apple icloud; icloud=apple; !apple=icloud; spotify; disney=disneyplus; dropbox=dropboxmail;
docusign=docusign; adobe=adobesign; wetransfer; coinbase; binance=binance; metamask=consensys; trust wallet=trustwallet; trustwallet; ledger live=ledger; !ledger; trezor=satoshilabs; !exodus; exodus wallet=exodus; !tether; official tether=tether; !ripple; stellar org=stellar; uniswap; opensea; kraken;
blockchain com=blockchain; crypto com=crypto; bitget; bybit; okx; ftx; !phantom; dhl=dpdhl deutschepost; fedex; !ups; usps; !dpd=dpdgroup; hermes germany=hermesworld myhermes; royal mail=royalmail; deutsche post=deutschepost dhl; la poste=laposte; colissimo=laposte; correios; postnl; bpost; !gls=gls-group;
chronopost; swiss post=post swisspost; hsbc; barclays; lloyds; natwest; santander; bbva; caixabank; bank of america=bankofamerica bofa; wells fargo=wellsfargo; !chase=jpmorgan jpmorganchase; citibank=citi; capital one=capitalone; american express=americanexpress aexp; !amex=americanexpress aexp; mastercard; !visa;
charles schwab=schwab; schwab; fidelity; vanguard; sparkasse=sparkassen sparkasse-; commerzbank; deutsche bank=db deutschebank; postbank; volksbank=vr; ing-diba=ing; comdirect; consorsbank; n26; klarna; tf bank=tfbank; unicredit; intesa sanpaolo=intesasanpaolo; poste italiane=poste; posteitaliane=poste; postepay=poste; credit agricole=credit-agricole ca; bnp paribas=bnpparibas; societe generale=societegenerale;
rabobank; abn amro=abnamro; ing bank=ing; bradesco=bradesco; banco do brasil=bb bancodobrasil; itau=itau-unibanco itau; nubank; caixa economica=caixa; mercado pago=mercadopago mercadolivre mercadolibre; mercado livre=mercadolivre mercadolibre; serasa=serasaexperian; livelo=livelo; hapvida=hapvida; detran; receita federal=fazenda gov;
telekom=t-online telekom-dienste; vodafone; o2 online=o2online; telefonica; verizon; comcast=xfinity; xfinity=comcast; at&t=att; 1&1=1und1 ionos; ionos=1und1; strato; godaddy; namecheap; ovhcloud=ovh; protonmail com=protonmail proton; proton mail=proton protonmail; zimbra; roundcube; cpanel;
walmart=walmartimages; costco; home depot=homedepot; lowes; best buy=bestbuy; !target; harbor freight=harborfreight; kroger; walgreens; cvs pharmacy=cvs; ikea; lidl; aldi=aldi-sued aldi-nord; rewe; edeka; kaufland; mediamarkt=media-saturn; saturn=media-saturn; zalando; otto versand=otto; rossmann; dm-drogerie=dm; rituals; jumbo boodschappen=jumbo; albert heijn=ah; carrefour; decathlon; starbucks; mcdonalds=mcd; mcdonald's=mcdonalds; burger king=burgerking bk; nespresso; milka; coca cola=coca-cola cocacola; coca-cola=cocacola; knorr; tupperware; makita; bosch tools=bosch; stanley tools=stanley; dewalt; yeti coolers=yeti;
deutsche bahn=bahn deutschebahn; adac; lufthansa; booking com=booking; airbnb; expedia; tripadvisor; southwest airlines=southwest; delta airlines=delta; state farm=statefarm; geico; allianz; norton=nortonlifelock gendigital; norton 360=norton nortonlifelock; mcafee; kaspersky; avast; bitdefender; geek squad=bestbuy geeksquad; steam=steampowered valvesoftware; roblox; playstation=sony sonyentertainmentnetwork; xbox=microsoft; shopify; zoom=zoom; teamviewer; quickbooks=intuit; intuit; turbotax=intuit; irs=irs; hmrc=hmrc; elster=elster; western union=westernunion; moneygram; wordpress=wordpress automattic; telstra; bitcoin core=bitcoin; tinder; temu; shein; aliexpress=alibaba; alibaba; rakuten; amex card=americanexpress; sbi; mufg; jcb; saison card=saisoncard; eposcard; mercari; docomo; softbank; aeon card=aeon; etc meisai=etc-meisai; jr east=jreast; sagawa=sagawa-exp; yamato=kuronekoyamato; deezer; bahncard=bahn`;

const BRANDS: readonly Brand[] = LIST.split(';').map((entry) => {
  const [given = '', more = ''] = entry.trim().split('=');
  const name = given.replace('!', '');
  return {
    name,
    isExact: given.startsWith('!'),
    domains: [name.replace(/[ '&.]/g, ''), ...more.split(' ').filter((word) => word !== '')],
  };
});

const AROUND =
  '(?:team|support|service|services|security|wallet|account|accounts|alert|alerts|info|help|customer|inc|center|rewards?|official|live|notification|notifications|update|prime|exclusive|deals?|card|online|bank|app|club|the)';
const EXACT = new Map(
  BRANDS.filter(({ isExact }) => isExact).map((brand) => [
    brand,
    new RegExp(`^(?:${AROUND}[ .:-]+)*${brand.name}(?:[ .:-]+${AROUND})*[!.]?$`),
  ]),
);

/** The brand that a display name or subject (in plain letters) speaks under. */
export function brandIn(text: string): Brand | undefined {
  const spaced = ` ${text.replace(/[^\p{L}\p{N}&'-]+/gu, ' ').trim()} `;
  return BRANDS.find((brand) => EXACT.get(brand)?.test(spaced.trim()) ?? spaced.includes(` ${brand.name} `));
}

/** The brand whose name somebody put into a host name: `paypal-secure.example`, `paypal.secure.example`. */
export function brandInHost(host: string): Brand | undefined {
  const name = host.toLowerCase();
  return BRANDS.find(
    (brand) =>
      !brand.isExact &&
      brand.name.length >= 6 &&
      name.includes(brand.name.replace(/[ '&.]/g, '')) &&
      !isOf(brand, host),
  );
}

export function brandOf(host: string): Brand | undefined {
  const chosen = chosenName(host);
  return chosen === '' ? undefined : BRANDS.find(({ domains }) => domains.includes(chosen));
}

export function isOf({ domains }: Brand, host: string): boolean {
  const chosen = chosenName(host);
  return (
    domains.includes(chosen) || domains.some((domain) => chosen.replaceAll('-', '') === domain.replaceAll('-', ''))
  );
}
