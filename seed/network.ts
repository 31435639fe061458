/** Warehouses of the demo shop; longitude and latitude are those of the cities. */
export const warehouses = [
  { code: 'RTM', name: 'Rotterdam', countryCode: 'NL', longitude: 4.4777, latitude: 51.9244 },
  { code: 'LEJ', name: 'Leipzig', countryCode: 'DE', longitude: 12.3731, latitude: 51.3397 },
  { code: 'LYS', name: 'Lyon', countryCode: 'FR', longitude: 4.8357, latitude: 45.764 },
] as const;

/** Suppliers with their usual terms; lead times in days, cost as a share of the regular price. */
export const suppliers = [
  {
    code: 'NORDHOLM',
    name: 'Nordholm Ceramics',
    countryCode: 'DK',
    leadTime: 12,
    deviation: 2.5,
    costRate: 0.46,
    pack: 6,
  },
  {
    code: 'RHEINTAL',
    name: 'Rheintal Metallwaren',
    countryCode: 'DE',
    leadTime: 9,
    deviation: 1.5,
    costRate: 0.5,
    pack: 4,
  },
  {
    code: 'PORTOTEX',
    name: 'Porto Textiles',
    countryCode: 'PT',
    leadTime: 18,
    deviation: 4,
    costRate: 0.42,
    pack: 10,
  },
  {
    code: 'VOSGESBOIS',
    name: 'Vosges Bois et Papier',
    countryCode: 'FR',
    leadTime: 14,
    deviation: 3,
    costRate: 0.45,
    pack: 8,
  },
  {
    code: 'BRIGHTWAY',
    name: 'Ningbo Brightway Trading',
    countryCode: 'CN',
    leadTime: 46,
    deviation: 8,
    costRate: 0.3,
    pack: 24,
  },
  {
    code: 'ANATOLIA',
    name: 'Anatolia Home Goods',
    countryCode: 'TR',
    leadTime: 25,
    deviation: 6,
    costRate: 0.36,
    pack: 12,
  },
] as const;
