import type { SourceRules } from './readSalesRow.ts';
import type { FileFormat } from './salesFormat.ts';

/**
 * The UCI "Online Retail" file: every invoice line of a British gift wholesaler, 2010-12-01 to 2011-12-09
 * (D. Chen, UCI Machine Learning Repository, doi:10.24432/C5BW33). What this importer makes of it:
 *
 * - Goods are stock codes that begin with five digits; everything else is refused as NOT_GOODS: postage, fees,
 *   samples, vouchers, manual entries (POST, DOT, C2, M, D, S, B, BANK CHARGES, AMAZONFEE, CRUK, PADS, gift_0001_…)
 *   and also the 33 rows of DCGS… ornaments: real goods, but of the marketplace shop with codes of its own.
 * - Stock codes are one article in upper and lower case: 85123a is 85123A. One article is one product with one variant.
 * - An invoice number that begins with C is a cancellation: its rows are returns, kept apart from sales. A positive
 *   quantity on one is refused as INVALID_QUANTITY.
 * - A negative quantity on any other invoice is a stock write-off, refused as STOCK_WRITE_OFF.
 * - A price of 0 or below is refused as NO_PRICE.
 * - Times have no zone and are taken as UTC. The file as UCI publishes it has ISO dates; its copies with M/D/YYYY
 *   are read too.
 * - CustomerID loses the '.0' that a spreadsheet gave it.
 * - The product's name is its most frequent description on kept rows, the latest of equals. Remarks of the
 *   warehouse ('?', 'damaged', 'wrongly coded 20713') are no names: they hold a question mark or have no more
 *   upper-case than lower-case letters. Where an article has nothing else, the remark is better than no name.
 * - All sales are in GBP, of the channel and the warehouse below, whose place is the centre of London: the file
 *   does not say where the shop's warehouse is.
 */
export const onlineRetailFormat: FileFormat = {
  name: 'online-retail',
  columns: {
    orderNumber: 'InvoiceNo',
    sku: 'StockCode',
    name: 'Description',
    quantity: 'Quantity',
    soldAt: 'InvoiceDate',
    unitPrice: 'UnitPrice',
    customerCode: 'CustomerID',
    country: 'Country',
  },
  delimiter: ',',
  encoding: 'utf-8',
  rules: makeRules(),
  isProductName,
  channel: 'online-retail',
  currencyCode: 'GBP',
  category: { code: 'ONLINE-RETAIL', name: 'Online Retail' },
  warehouse: {
    code: 'ONLINE-RETAIL',
    name: 'Online Retail',
    countryCode: 'GB',
    longitude: -0.1276,
    latitude: 51.5072,
  },
};

function makeRules(): SourceRules {
  return {
    dateFormats: ['ISO', 'MM/DD/YYYY'],
    normaliseSku: (sku) => sku.toUpperCase(),
    normaliseCustomerCode: (code) => code.replace(/\.0$/, ''),
    refuseArticle: (sku) =>
      /^\d{5}/.test(sku)
        ? null
        : { reason: 'NOT_GOODS', message: `StockCode must begin with five digits, got '${sku}'.` },
    decideKind({ orderNumber, quantity: text }, quantity) {
      if (!/^\s*c/i.test(orderNumber)) {
        if (quantity > 0) return 'SALE';
        const message = `Quantity must be above 0 on an invoice that is no cancellation, got '${text}'.`;
        return { reason: 'STOCK_WRITE_OFF', message };
      }
      if (quantity < 0) return 'RETURN';
      return {
        reason: 'INVALID_QUANTITY',
        message: `Quantity must be below 0 on a cancellation, got '${text}'.`,
      };
    },
  };
}

function isProductName(name: string): boolean {
  if (name.includes('?')) return false;
  const upper = name.match(/\p{Lu}/gu)?.length ?? 0;
  const lower = name.match(/\p{Ll}/gu)?.length ?? 0;
  return upper > lower;
}
