import { describe, expect, it } from 'vitest';
import { detectLanguage } from '../../src/triage/detectLanguage.ts';

const foreign: Readonly<Record<string, readonly string[]>> = {
  ar: ['أين طلبي؟', 'أريد استرداد أموالي'],
  bg: ['Къде е моята поръчка?', 'Искам си парите обратно'],
  cs: ['Kde je moje objednávka?', 'Chci vrátit peníze'],
  da: ['Hvor er min ordre?', 'Jeg vil have mine penge tilbage'],
  de: ['Wo ist meine Bestellung?', 'Ich möchte mein Geld zurück'],
  el: ['Πού είναι η παραγγελία μου;', 'Θέλω τα χρήματά μου πίσω'],
  es: ['¿Dónde está mi pedido?', 'Quiero un reembolso'],
  fi: ['Missä tilaukseni on?', 'Haluan rahani takaisin'],
  fr: ['Où est ma commande ?', 'Je veux un remboursement'],
  he: ['איפה ההזמנה שלי?', 'אני רוצה את הכסף שלי בחזרה'],
  hi: ['मेरा ऑर्डर कहाँ है?', 'मुझे अपने पैसे वापस चाहिए'],
  hu: ['Hol van a rendelésem?', 'Vissza akarom kapni a pénzem'],
  it: ['Dove si trova il mio ordine?', 'Voglio un rimborso'],
  ja: ['私の注文はどこですか', '返金してほしい'],
  ko: ['제 주문은 어디에 있나요?', '환불해 주세요'],
  id: ['Di mana pesanan saya?', 'Saya ingin uang saya kembali'],
  no: ['Hvor er bestillingen min?', 'Jeg vil ha pengene tilbake'],
  nl: ['Waar is mijn bestelling?', 'Ik wil mijn geld terug'],
  pl: ['Gdzie jest moje zamówienie?', 'Chcę zwrotu pieniędzy'],
  pt: ['Onde está o meu pedido?', 'Quero um reembolso'],
  ro: ['Unde este comanda mea?', 'Vreau banii înapoi'],
  ru: ['Я хочу вернуть деньги', 'Посылка пришла сломанной'],
  sv: ['Var är min beställning?', 'Jag vill ha pengarna tillbaka'],
  th: ['คำสั่งซื้อของฉันอยู่ที่ไหน', 'ฉันต้องการเงินคืน'],
  tr: ['Siparişim nerede?', 'Paramı geri istiyorum'],
  uk: ['Де моє замовлення?', 'Я хочу повернути гроші'],
  vi: ['Đơn hàng của tôi ở đâu?', 'Tôi muốn được hoàn tiền'],
  zh: ['我的订单在哪里？', '我要退款', '退款'],
};
/** Sister languages that short texts hardly tell apart, and that the detector may give instead. */
const sisters: Readonly<Record<string, string>> = { da: 'no', no: 'da', id: 'ms', ru: 'uk' };
const english = [
  ...['where is my order', 'refund pls', 'ur app sucks', 'pls hlp me asap', 'cant login', 'gonna cancel'],
  ...['i got da wrong size', 'y so slow', 'omg this is sooo bad', 'idk wat 2 do', 'wheres da parcel'],
  ...['dont want refund', 'pay w/ paypal?', 'need 2 return dis', 'im mad', 'recieved wrong itm'],
];

describe('detectLanguage', () => {
  it.each(Object.entries(foreign))('knows short texts in %s', (language, texts) => {
    const found = texts.map((text) => detectLanguage(text.toLowerCase()));
    for (const { name, confidence } of found) {
      expect([language, sisters[language]]).toContain(name);
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
    }
  });

  it.each(english)('does not take slang and typos for another language: %s', (text) => {
    expect(detectLanguage(text).name).toBe('en');
  });

  it.each(['', '12', 'adidas', '!?', '😀', 'hallo'])('is unsure of %j', (text) => {
    expect(detectLanguage(text)).toEqual({ name: 'und', confidence: 0 });
  });
});
