# Everything a developer runs. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help run generate check format vet generated static security house modules test bench golden schema

# Checkers are run at these versions, and are no dependency of Cadre.
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOSEC := github.com/securego/gosec/v2/cmd/gosec@v2.30.0

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start the demonstration, with its invented year of life
	go run ./cmd/cadre demo

generate: ## make the Go files of the pages from the .templ files
	go tool templ generate -include-version=false -log-level=warn

check: format vet generated static security house modules ## all that is checked without running Cadre

format:
	@wrong=$$(gofmt -l .); [ -z "$$wrong" ] || { echo "Not formatted; run gofmt -w on:"; echo "$$wrong"; exit 1; }
	@! grep -rnIE '^(<{7}|>{7}) ' --exclude-dir=.git . || { echo "Two texts stand where one should: a merge was not finished."; exit 1; }

vet:
	go vet ./...

# The pages are made again in place: when one changes it was stale, and is current now.
sums = find . -name '*.templ' | sort | sed 's/\.templ$$/_templ.go/' | xargs sha256sum 2>&1; find . -name '*_templ.go' | sort
generated:
	@before=$$($(sums)); $(MAKE) -s generate; after=$$($(sums)); [ "$$before" = "$$after" ] || \
	{ echo "Generated pages were stale. They are current now: keep them with the change."; exit 1; }
	@for page in $$(find . -name '*_templ.go'); do [ -f "$${page%_templ.go}.templ" ] || { echo "$$page: made from no .templ file"; exit 1; }; done

static:
	go run $(STATICCHECK) ./...

security:
	go run $(GOSEC) -quiet -exclude-generated -exclude=G701,G702,G703,G704,G705,G706 ./...

house:
	go test -count=1 -run '^TestHouse' ./app

modules:
	go mod tidy -diff
	go mod verify

test: ## run every test, on both databases and in a browser; installs what it lacks
	scripts/test -count=1 -timeout 18m ./...

bench: ## measure the functions, then the whole program on a PostgreSQL server that keeps what it is told
	go test -run '^$$' -bench . -benchmem -p 1 ./...
	CADRE_PG_DURABLE=1 scripts/postgres go run ./bench
	CADRE_PG_DURABLE=1 scripts/postgres go run ./bench -of activities

golden: ## rewrite the files that tests compare with; read the difference
	go test -count=1 $$(grep -rlE 'test\.Golden\(|flag\.Bool\("update"' --include='*_test.go' . | xargs -n 1 dirname | sort -u) -update

schema: ## rewrite docs/schema.sql from the migrations
	go test -count=1 -run '^TestSchema$$' ./app -update
