/** What the program prints without a command. */
export const mainHelp = `Usage: npm run import -- <source> <file> [options]
       npm run forecast

Commands
  import    reads a file of sales into the store (import --help)
  forecast  computes and stores the forecasts of the whole catalogue (forecast --help)
`;

/** What `forecast --help` prints. */
export const forecastHelp = `Computes the daily forecast of every variant with sales, 64 days ahead, and stores it. Queries then read it by SQL;
a variant without a fresh one is forecast when it is asked for. Run it after each import, or nightly.

Usage
  npm run forecast

The store is the embedded database in SUPPLYGRAPH_DATA_FOLDER (default data/store; stop the server first), or
PostgreSQL with DATABASE_URL.
`;

/** What `import --help` prints. */
export const importHelp = `Reads a file of sales into the store. Run it again after an interruption: it goes on where it stopped,
and rows are never doubled.

Usage
  npm run import -- online-retail <file>            the UCI "Online Retail" file, .csv or .csv.gz
  npm run import -- generic <file> --map … [options] any CSV file, .gz or not

Options of both
  --refused FILE          where to list the refused rows with line and reason
                          (default: <file>.refused.csv in the data folder, or here with DATABASE_URL)
  --help                  this text

Options of generic
  --map FIELD=COLUMN      column of a field, once for each: orderNumber, sku, quantity, soldAt, unitPrice;
                          optional: name, customerCode, country. A negative quantity is a return.
  --date-format FORMAT    ISO (default), DD/MM/YYYY or MM/DD/YYYY; a time HH:MM[:SS] may follow, UTC
  --delimiter CHARACTER   default ','; 'tab' for a tabulator
  --encoding ENCODING     utf-8 (default) or latin1
  --currency CODE         currency of the prices, ISO 4217 (required)
  --warehouse CODE        warehouse that sold (required); with the next two it is created if missing
  --warehouse-country CC  its country, ISO 3166
  --warehouse-location LONGITUDE,LATITUDE
  --channel NAME          order numbers are unique in a channel (default 'generic')

The store is the embedded database in SUPPLYGRAPH_DATA_FOLDER (default data/store; stop the server first), or
PostgreSQL with DATABASE_URL.
`;
