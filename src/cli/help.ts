/** What the program prints without a command. */
export const mainHelp = `Usage: npm run import -- <source> <file> [options]
       npm run forecast
       npm run cli -- <command> [options]

Commands
  import             reads a file of sales into the store (import --help)
  competitor-prices  reads a file of competitors' prices into the store (competitor-prices --help)
  forecast           computes and stores the forecasts of the whole catalogue (forecast --help)
  backtest           measures forecasts on the store's own past (backtest --help)
  simulate           replays ordering policies on held-back weeks (simulate --help)
  labels             writes texts of complaints with the labels that people gave them (labels --help)
  worker             does the jobs of the servers on the same PostgreSQL (worker --help)
`;

/** What `forecast --help` prints. */
export const forecastHelp = `Computes the daily forecast of every variant, 64 days ahead, and stores it. Queries then read it by SQL;
a variant without a fresh one is forecast when it is asked for. Run it after each import, or nightly.

Usage
  npm run forecast

The store is the embedded database in SUPPLYGRAPH_DATA_FOLDER (default data/store; stop the server first), or
PostgreSQL with DATABASE_URL.
`;

/** What `backtest --help` prints. */
export const backtestHelp = `Forecasts the store's own past from several origins, each without sight of what came after, and prints how well that
did beside the seasonal naive forecast. The result is stored: query \`backtests\`.

Usage
  npm run cli -- backtest [options]

Options
  --frequency FREQUENCY   DAILY (default), WEEKLY or MONTHLY
  --horizon N             periods forecast from each origin, 1 to 64 (default 28 days, 8 weeks, 6 months)
  --origins K             origins, 1 to 24 (default 3)
  --step S                periods between two origins, 1 to 64 (default: the horizon)
  --category CODE         only variants of this category
  --chart SKU             draws this variant; may be given more than once (default: the three that sell most)
  --out FOLDER            writes scores.csv, calibration.csv and the charts (SVG) there
  --help                  this text

The store is the embedded database in SUPPLYGRAPH_DATA_FOLDER (default data/store; stop the server first), or
PostgreSQL with DATABASE_URL.
`;

/** What `simulate --help` prints. */
export const simulateHelp = `Replays the last weeks of a history under four ordering policies, week by week, each seeing only what it would have seen:
the orders of replenishmentPlan, normal-theory safety stock on exponential smoothing, an empirical quantile, and a
seasonal index times a 13-week mean. Prints cost, fill rate and stock of each, and stock against fill rate: of normal-theory
safety stock by its service level, of replenishmentPlan by costs with that level as p/(p+h), and by it as every item's fill rate.

Usage
  npm run cli -- simulate [options]

Options
  --weeks N               weeks that are replayed, more than the lead time, at most 52 (default 13)
  --lead-time L           weeks from order to arrival, 0 to 12; 0 = before the week's sales (default 2)
  --holding-cost C        per unit left at the end of a week (default 0.2)
  --shortage-cost C       per unit of lost sale (default 1)
  --limit N               the N variants that sold most lately, 1 to 1,000 (default 200)
  --file FILE             a CSV file (.gz or not) instead of the store: columns that name the item, then one a week, headed by
                          its first day YYYY-MM-DD; an empty cell is a week whose demand is not known
  --out FOLDER            writes policies.csv and stock-curves.svg there
  --help                  this text

A week in which stock limited sales asks for what was sold: what was wanted beyond is unknown. Replays start from the stock
that the last of the policies leaves after eight weeks. The store is the embedded database in SUPPLYGRAPH_DATA_FOLDER
(default data/store; stop the server first), or PostgreSQL with DATABASE_URL.
`;

/** What `labels --help` prints. */
export const labelsHelp = `Writes the texts of complaints whose labels people corrected as a CSV file with the columns text and label, to train a
model of one's own on. Personal data in the texts is masked; texts that were deleted on request are left out.

Usage
  npm run cli -- labels --out FILE [options]

Options
  --out FILE              the file to write (required)
  --label LABEL           intent (default), severity, sentiment or isComplaint
  --help                  this text

The store is the embedded database in SUPPLYGRAPH_DATA_FOLDER (default data/store; stop the server first), or
PostgreSQL with DATABASE_URL.
`;

/** What `worker --help` prints. */
export const workerHelp = `Does jobs (backtests, nightly plans) until it is told to stop (SIGTERM, Ctrl-C); a part that has been begun is ended
first. Start as many as you like, on any machine.

Usage
  npm run cli -- worker

It needs PostgreSQL with DATABASE_URL; SUPPLYGRAPH_JOB_WORKERS says how many parts of jobs it does at a time
(default 2: while one waits, the other computes).
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

/** What `competitor-prices --help` prints. */
export const competitorPricesHelp = `Reads a file of competitors' prices into the store. A price is known by its variant, competitor and moment: run it
again after an interruption, or with a longer file, and nothing is doubled; a price of the same moment is replaced.

Usage
  npm run cli -- competitor-prices <file> [options]   any CSV file, .gz or not

Options
  --map FIELD=COLUMN      column of a field, where it is not called like it: sku, competitor, price, observedAt, currency
  --currency CODE         currency of all prices, ISO 4217, instead of a column; it must be that of the variants
  --date-format FORMAT    ISO (default), DD/MM/YYYY or MM/DD/YYYY; a time HH:MM[:SS] may follow, UTC
  --delimiter CHARACTER   default ','; 'tab' for a tabulator
  --encoding ENCODING     utf-8 (default) or latin1
  --source NAME           where the prices are known from (default: the file's name)
  --refused FILE          where to list the refused rows with line and reason
                          (default: <file>.refused.csv in the data folder, or here with DATABASE_URL)
  --help                  this text

The store is the embedded database in SUPPLYGRAPH_DATA_FOLDER (default data/store; stop the server first), or
PostgreSQL with DATABASE_URL.
`;
