# Million rows a second of rs-import, from a CSV file in memory to a stream written, ids encoded by
# first appearance, beside what is there of data.table, pandas, DuckDB and Polars doing the same job:
# read, number the ids, write the columns. Medians of ROUNDS interleaved rounds on 2 threads; the
# peers' own start is not counted. What fread does alone, without ids and writing, is shown as well.
set -eu
rounds=${ROUNDS:-5}
base=/dev/shm
[ -w $base ] || base=${TMPDIR:-/tmp}
tmp=$(mktemp -d "$base/import-bench-XXXXXX")
trap 'rm -rf "$tmp"' EXIT
export OMP_NUM_THREADS=2 R_DATATABLE_NUM_THREADS=2 POLARS_MAX_THREADS=2

cat >"$tmp/data.table" <<'R'
suppressMessages(library(data.table))
a <- commandArgs(TRUE)
from <- proc.time()[[3]]
d <- fread(a[1], showProgress = FALSE)
read <- proc.time()[[3]]
for (c in 1:2) set(d, j = c, value = match(d[[c]], unique(d[[c]])) - 1L)
out <- file(a[2], "wb")
for (x in d) writeBin(if (is.integer(x)) x else as.double(x), out, size = 4)
close(out)
cat(proc.time()[[3]] - from, read - from, "\n")
R
cat >"$tmp/pandas" <<'P'
import sys, time, pandas
start = time.time()
d = pandas.read_csv(sys.argv[1])
read = time.time()
with open(sys.argv[2], "wb") as out:
    for i, c in enumerate(d.columns):
        x = pandas.factorize(d[c])[0] if i < 2 else d[c].to_numpy()
        out.write(x.astype("i8" if i == 3 else "f4" if i == 2 else "u4").tobytes())
print(time.time() - start, read - start)
P
cat >"$tmp/polars" <<'J'
const pl = require("nodejs-polars"), [file, out] = process.argv.slice(2);
let from = performance.now(), d = pl.readCSV(file), read = performance.now();
for (const c of d.columns.slice(0, 2)) {
	const ids = d.select(c).unique({ maintainOrder: true, keep: "first" }).withRowCount("id_" + c);
	d = d.join(ids, { on: c, how: "left" }).drop(c);
}
d.writeIPC(out);
console.log((performance.now() - from) / 1e3, (read - from) / 1e3);
J
cat >"$tmp/duckdb" <<'J'
const { DuckDBInstance } = require("@duckdb/node-api"), [file, out] = process.argv.slice(2);
(async () => {
	const c = await (await DuckDBInstance.create(":memory:", { threads: "2" })).connect();
	let from = performance.now();
	await c.run(`create table t as select * from read_csv('${file}')`);
	let read = performance.now();
	const names = (await c.runAndReadAll("select * from t limit 0")).columnNames();
	const ids = n => `(select "${n}" k, row_number() over (order by min(rowid)) - 1 id from t group by 1)`;
	await c.run(`copy (select a.id u, b.id i, t.* exclude ("${names[0]}", "${names[1]}") from t
		join ${ids(names[0])} a on t."${names[0]}" = a.k
		join ${ids(names[1])} b on t."${names[1]}" = b.k) to '${out}' (format parquet)`);
	console.log((performance.now() - from) / 1e3, (read - from) / 1e3);
})();
J
has() {
	case $1 in
	data.table) Rscript -e 'library(data.table)' ;;
	pandas) "$python" -c 'import pandas' ;;
	polars) node -e 'require("nodejs-polars")' ;;
	duckdb) node -e 'require("@duckdb/node-api")' ;;
	esac
}
run() { # run PEER CSV: seconds for all, seconds for reading alone
	case $1 in
	data.table) Rscript "$tmp/$1" "$2" "$tmp/out" ;;
	pandas) "$python" "$tmp/$1" "$2" "$tmp/out" ;;
	*) node "$tmp/$1" "$2" "$tmp/out" ;;
	esac
	rm -f "$tmp/out"
}
median() { # median FILE COLUMN
	sort -n -k "$2,$2" "$1" | awk -v c="$2" '{ x[NR] = $c }
		END { printf "%.4g", (x[int((NR + 1) / 2)] + x[int(NR / 2) + 1]) / 2 }'
}
python=python3
$python -c 'import pandas' 2>/dev/null || python=/usr/bin/python3
peers=
for p in data.table pandas polars duckdb; do
	if has $p >/dev/null 2>&1; then peers="$peers $p"; else echo "$p is not there: no such peer"; fi
done
for shape in "goodbooks ${ROWS:-12000000}" "movielens ${ROWS:-5000000}"; do
	rows=${shape#* }
	import $shape >"$tmp/in.csv"
	for p in rs-import $peers; do : >"$tmp/seconds.$p"; done
	for round in $(seq "$rounds"); do
		start=$(date +%s%N)
		rs-import -q "$tmp/in.csv" -o "$tmp/out"
		echo $(($(date +%s%N) - start)) | awk '{ print $1 / 1e9, $1 / 1e9 }' >>"$tmp/seconds.rs-import"
		rm "$tmp/out"
		for p in $peers; do run $p "$tmp/in.csv" >>"$tmp/seconds.$p"; done
	done
	ours=$(median "$tmp/seconds.rs-import" 1)
	echo "$shape rows: rs-import $(echo "$rows $ours" | awk '{ printf "%.1f", $1 / $2 / 1e6 }') M rows/s"
	for p in $peers; do
		echo "$rows $ours $(median "$tmp/seconds.$p" 1) $(median "$tmp/seconds.$p" 2) $p" | awk '{
			printf "  %-10s %5.1f M rows/s, rs-import : it %.2f; reading alone %.1f M rows/s, %.2f\n",
				$5, $1 / $3 / 1e6, $3 / $2, $1 / $4 / 1e6, $4 / $2 }'
	done
done
