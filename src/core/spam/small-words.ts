/**
 * The words a language is held together with, in plain letters (plain-letters.ts). Where a client has only been sent spam in a
 * language, they would say that everything in that language is spam. English is left out: of that, everybody has both.
 */
const WORDS = `der die das den dem des ein eine einen einem einer eines und oder aber nicht ist sind war wird werden wurde hat haben habe sie
  ihr ihre ihren ihrem ihrer wir uns unser unsere ich mich mir du dich dir dein deine fur mit von vom zum zur auf aus bei nach uber unter durch um an
  am im in als auch nur noch schon sehr so wie wenn dass da es er man kann konnen sich bitte hier dieser diese dieses diesem diesen zu bis mehr alle
  alles was kein keine
  le la les un une des du de et ou ne pas est sont etre avoir avez vous votre vos nous notre nos je il elle ils ce cette ces cet qui que quoi dans
  sur sous par pour avec sans plus au aux en se son sa ses leur si mais comme tout tous toute toutes ici
  el los las una unos del al y o no es ser estar su sus tu tus nuestro nuestra yo lo con por para sin sobre mas pero como este esta estos estas todo
  todos aqui
  os as um uma do da dos e nao sao seu sua seus suas voce nosso nossa eu ele ela em na nas com sem isso ao aos pelo pela
  gli i uno di della dello dei degli delle non sono essere suo tuo tua nostro nostra che nel nella per senza sul sulla piu ma come questo questa
  questi tutto tutti ci
  het een van niet zijn wordt worden heeft hebben u uw jij jouw wij we ons onze ik dat dit deze voor met naar op aan uit door over onder te ook maar
  nog zo hoe wat er meer geen kan kunt`;

const SMALL: ReadonlySet<string> = new Set(WORDS.split(/\s+/));

export const isSmallWord = (word: string): boolean => SMALL.has(word);
