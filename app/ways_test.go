package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// subject is what {id} stands for in an address.
type subject int

const (
	nothing subject = iota
	records
	people
	sessions
	tokens
	structures
)

// way is how a route or an operation is asked. In all of its texts {id} stands for the
// identifier being tried, {to} for another one, {own} and {other} for institutions by
// their names in addresses, {email} for an address that nobody has.
type way struct {
	about   subject
	queries []string // ends of the address, besides none
	form    string   // of a page, encoded
	json    string   // of an operation
	match   string   // If-Match
	ends    bool     // it may end the session or the token that it comes with
}

const (
	factForm = "title=Essai&theme=ARM&place=TG-S&marking=green&audience=members&role=leads&kind=trainers&version=1&reach=x&once=" // a once field left empty is none
	factJSON = `{"title":"Essai","theme":"ARM","place":"TG-S","marking":"green","audience":["members"],"content":`
	turned   = "verb=withdrawn&version=1"
	twice    = "password=une+phrase+assez+longue&again=une+phrase+assez+longue"
	someone  = "name=Essai&email={email}&functions=reader&language=fr&mandate=must_refer&clearance=green&structure={structure}"
	guest    = `{"name":"Essai","email":"{email}","functions":["reader"],"language":"fr","mandate":"must_refer","clearance":"green"}`
)

// ways says how every route of the pages is asked, by its pattern.
var ways = map[string]way{
	"GET /healthz":    {},
	"GET /readyz":     {},
	"GET /robots.txt": {},
	"GET /aide":       {},
	"GET /api/v1":     {},
	"GET /preuve":     {},
	"GET /{$}":        {queries: []string{"?lang=en", "?lang=fr"}},

	"GET /demo":            {},
	"POST /demo/connexion": {form: "person={id}"},
	"GET /demo/mails":      {queries: []string{"?format=json"}},
	"GET /demo/clock":      {},
	"POST /demo/clock":     {form: "advance=1ms"},
	"GET /demo/galerie":    {},

	"GET /structures": {queries: []string{"?theme=ARM", "?lieu=TG-S", "?nature=agency", "?theme=CHM&lieu=TG-K", "?page=zz"}},

	"GET /structures/nouvelle":              {},
	"POST /structures":                      {form: "acronym=Essai&name=Essai&slug=essai&nature=agency&independent=true"},
	"GET /structures/{slug}":                {queries: []string{"?lang=en"}},
	"GET /structures/{slug}/{kind}":         {queries: []string{"?lang=en", "?page=zz"}},
	"GET /structures/{slug}/modifier":       {},
	"POST /structures/{slug}":               {form: "acronym=Essai&nature=agency&version=1"},
	"GET /structures/{slug}/nom":            {},
	"POST /structures/{slug}/nom":           {form: "value=Essai&from=2026-01&version=1"},
	"GET /structures/{slug}/tutelle":        {},
	"POST /structures/{slug}/tutelle":       {form: "value=Essai&from=2026-01&version=1"},
	"GET /structures/{slug}/texte":          {},
	"POST /structures/{slug}/texte":         {form: "title=Essai&date=2026-01&version=1"},
	"POST /structures/{slug}/retirer":       {form: "list=texts&line=0&version=1"},
	"POST /structures/{slug}/confirmer":     {form: "once="},
	"GET /structures/{slug}/{kind}/ajouter": {},
	"POST /structures/{slug}/{kind}":        {form: factForm},
	"GET /faits/{id}":                       {about: records, queries: []string{"?lang=en"}},
	"GET /faits/{id}/modifier":              {about: records},
	"POST /faits/{id}":                      {about: records, form: factForm},
	"POST /faits/{id}/etat":                 {about: records, form: turned},
	"GET /annuaire/fraicheur":               {},

	"GET /fiches/{id}":                {about: records},
	"GET /fiches/{id}/historique":     {about: records},
	"GET /fiches/{id}/versions":       {about: records, queries: []string{"?de=1&a=1", "?de=1&a=2", "?de=2&a=2"}},
	"GET /fiches/{id}/lecteurs":       {about: records},
	"POST /fiches/{id}/suivre":        {about: records, form: "follow=yes"},
	"POST /fiches/{id}/liens":         {about: records, form: "kind=concerns&to={to}"},
	"POST /fiches/{id}/liens/retirer": {about: records, form: "kind=concerns&to={to}"},

	"GET /recherche": {queries: []string{"?q=zq", "?q=essai", "?q=essai&nature=directory.mission&structure={id}&theme=ARM&lieu=TG-S",
		"?q=%22essai+zqaba%22", "?q=" + word(0), "?q=" + word(9)}},
	"GET /recherche/suggestions": {queries: []string{"?q=zq", "?q=ess", "?q=essai+zq", "?q=" + word(0)[:5]}},

	"GET /connexion":                      {queries: []string{"?suite=/compte"}},
	"POST /connexion":                     {form: "email=focal@cnad.example&password=essai", ends: true},
	"GET /connexion/code":                 {},
	"POST /connexion/code":                {form: "code=123456"},
	"POST /deconnexion":                   {form: "once=", ends: true},
	"GET /mot-de-passe-oublie":            {},
	"POST /mot-de-passe-oublie":           {form: "email=focal@cnad.example"},
	"GET /invitation/{jeton}":             {},
	"POST /invitation/{jeton}":            {form: twice},
	"GET /compte":                         {},
	"POST /compte":                        {form: "email={email}&language=fr&version=1"},
	"GET /compte/confirmation":            {queries: []string{"?suite=/compte"}},
	"POST /compte/confirmation":           {form: "password=essai"},
	"GET /compte/mot-de-passe":            {},
	"POST /compte/mot-de-passe":           {form: twice, ends: true},
	"GET /compte/double-authentification": {queries: []string{"?remplacer=1"}},

	"POST /compte/double-authentification":         {form: "code=123456&secret=essai"},
	"POST /compte/double-authentification/codes":   {form: "once="},
	"POST /compte/double-authentification/retirer": {form: "once="},
	"GET /compte/sessions":                         {},
	"POST /compte/sessions/{id}/fermer":            {about: sessions, form: "once="},
	"GET /compte/jetons":                           {},
	"POST /compte/jetons":                          {form: "name=Essai&scope=read&expires=31/12/2026"},
	"POST /compte/jetons/{id}/revoquer":            {about: tokens, form: "once="},
	"GET /compte/absence":                          {},
	"POST /compte/absence":                         {form: "from=01/12/2026&to=02/12/2026"},

	"GET /personnes":                               {queries: []string{"?structure=cndh", "?etat=disabled"}},
	"GET /personnes/inviter":                       {},
	"POST /personnes":                              {form: someone},
	"GET /personnes/{id}":                          {about: people},
	"GET /personnes/{id}/modifier":                 {about: people},
	"POST /personnes/{id}":                         {about: people, form: someone + "&version=1"},
	"POST /personnes/{id}/fonctions":               {about: people, form: "function=field"},
	"POST /personnes/{id}/fonctions/terminer":      {about: people, form: "function=field"},
	"POST /personnes/{id}/desactiver":              {about: people, form: "once="},
	"POST /personnes/{id}/reactiver":               {about: people, form: "once="},
	"POST /personnes/{id}/inviter":                 {about: people, form: "once="},
	"POST /personnes/{id}/sessions":                {about: people, form: "once="},
	"POST /personnes/{id}/double-authentification": {about: people, form: "once="},
	"GET /personnes/{id}/effacer":                  {about: people},
	"POST /personnes/{id}/effacer":                 {about: people, form: "reason="},
	"GET /personnes/{id}/passation":                {about: people},
	"POST /personnes/{id}/passation":               {about: people, form: "function=field&name=Essai&email={email}"},
	"GET /personnes/{id}/passation/fiche":          {about: people},
}

// contents are the contents of the kinds of facts in the API, by the kind's name in addresses.
var contents = map[string]string{"missions": `{"role":"leads"}`, "programmes": `{}`, "capacities": `{"kind":"trainers"}`, "branches": `{}`, "documents": `{}`}

// calls says how every operation of the API is asked, by its method and path.
var calls = func() map[string]way {
	all := map[string]way{
		"GET /search": {queries: []string{"?q=zq", "?q=essai", "?q=essai&kind=directory.mission&theme=ARM&place=TG-S", "?q=" + word(0)}},

		"GET /structures":                       {queries: []string{"?theme=ARM", "?place=TG-S&limit=1"}},
		"POST /structures":                      {json: `{"slug":"essai","name":"Essai","independent":true,"acronym":"Essai","nature":"agency"}`},
		"GET /structures/{id}":                  {about: structures},
		"PATCH /structures/{id}":                {about: structures, match: "1", json: `{"acronym":"Essai","nature":"agency"}`},
		"POST /structures/{id}/names":           {about: structures, match: "1", json: `{"value":"Essai","from":"2026-01"}`},
		"POST /structures/{id}/supervision":     {about: structures, match: "1", json: `{"value":"Essai","from":"2026-01"}`},
		"DELETE /structures/{id}/{list}/{line}": {about: structures, match: "1"},
		"POST /structures/{id}/texts":           {about: structures, match: "1", json: `{"title":"Essai"}`},
		"POST /structures/{id}/confirmation":    {about: structures},
		"POST /reach":                           {json: `{"marking":"amber","audience":["structure:{other}"]}`},

		"GET /records/{id}/history":              {about: records},
		"GET /records/{id}/readings":             {about: records},
		"GET /records/{id}/links":                {about: records},
		"POST /records/{id}/links":               {about: records, json: `{"kind":"concerns","to":"{to}"}`},
		"DELETE /records/{id}/links/{kind}/{to}": {about: records},
		"PUT /records/{id}/follow":               {about: records},
		"DELETE /records/{id}/follow":            {about: records},

		"GET /me":                                  {},
		"PATCH /me":                                {json: `{"phone":"+228 00"}`, match: "1"},
		"PUT /me/absence":                          {json: `{}`},
		"GET /me/tokens":                           {},
		"DELETE /me/tokens/{id}":                   {about: tokens},
		"GET /me/sessions":                         {},
		"DELETE /me/sessions/{id}":                 {about: sessions},
		"GET /people":                              {queries: []string{"?structure={other}", "?state=active"}},
		"POST /people":                             {json: guest},
		"GET /people/{id}":                         {about: people},
		"PATCH /people/{id}":                       {about: people, match: "1", json: `{"phone":"+228 00"}`},
		"POST /people/{id}/functions":              {about: people, json: `{"function":"field"}`},
		"DELETE /people/{id}/functions/{function}": {about: people},
		"POST /people/{id}/handovers":              {about: people, json: `{"function":"field","name":"Essai","email":"{email}"}`},
		"GET /people/{id}/handovers":               {about: people},
		"POST /people/{id}/disabling":              {about: people},
		"POST /people/{id}/enabling":               {about: people},
		"POST /people/{id}/invitation":             {about: people},
		"DELETE /people/{id}/sessions":             {about: people},
		"DELETE /people/{id}/totp":                 {about: people},
		"POST /people/{id}/erasure":                {about: people, json: `{"reason":""}`},
	}
	for path, content := range contents {
		all["GET /"+path] = way{queries: []string{"?theme=ARM", "?place=TG-S", "?structure={id}", "?limit=1"}}
		all["GET /"+path+"/{id}"] = way{about: records}
		all["PUT /"+path+"/{id}"] = way{about: records, match: "1", json: factJSON + content + "}"}
		all["POST /structures/{id}/"+path] = way{about: structures, json: factJSON + content + "}"}
		all["POST /"+path+"/{id}/withdrawal"] = way{about: records, match: "1"}
		all["POST /"+path+"/{id}/restoration"] = way{about: records, match: "1"}
	}
	return all
}()

// route is a route or an operation with the way in which it is asked.
type route struct {
	method, path string // the path with its wildcards
	way
}

// reads reports whether asking changes nothing.
func (r route) reads() bool { return r.method == http.MethodGet || r.method == http.MethodHead }

// routes lists every route of the pages and every operation of the API. One that the
// tables above do not know fails the test: say there how it is asked, so that it is
// searched for leaks like the others.
func (w *world) routes(t testing.TB) []route {
	t.Helper()
	var all []route
	used := map[string]bool{}
	add := func(table map[string]way, prefix, method, path string) {
		how, known := table[method+" "+path]
		if !known {
			t.Errorf("no way is given of asking %s %s: add it to ways_test.go", method, prefix+path)
			return
		}
		used[prefix+method+" "+path] = true
		all = append(all, route{method, prefix + path, how})
		if method == http.MethodGet && how.about == records {
			all = append(all, route{http.MethodHead, prefix + path, how})
		}
	}
	for _, r := range w.Routes() {
		method, path, _ := strings.Cut(r.Pattern, " ")
		add(ways, "", method, path)
	}
	for _, op := range w.API.Operations() {
		add(calls, "/api/v1", op.Method, op.Path)
	}
	if len(used) < len(ways)+len(calls) {
		t.Errorf("ways_test.go says of %d routes how they are asked; there are %d", len(ways)+len(calls), len(used))
	}
	return all
}

// names are what the placeholders stand for, besides {id}.
type names struct{ id, to, own, other, email, structure string }

var wildcard = regexp.MustCompile(`\{[a-z$]+\}`)

// kindsOfPages are the kinds of facts as the pages' addresses name them.
var kindsOfPages = []string{"missions", "programmes", "moyens", "antennes", "documents", "inconnu"}

// requests lists how the route is asked about the names.
func (r route) requests(n names) []request {
	var all []request
	for _, path := range r.paths(n) {
		for _, end := range append([]string{""}, r.queries...) {
			q := request{method: r.method, path: path + n.in(end), json: n.in(r.json)}
			if r.form != "" {
				q.form, _ = url.ParseQuery(n.in(r.form))
			}
			if r.match != "" {
				q.header = http.Header{"If-Match": {r.match}}
			}
			all = append(all, q)
		}
	}
	return all
}

func (n names) in(s string) string {
	return strings.NewReplacer("{id}", n.id, "{to}", n.to, "{own}", n.own, "{other}", n.other, "{email}", n.email, "{structure}", n.structure).Replace(s)
}

// paths fills the wildcards of the route.
func (r route) paths(n names) []string {
	slugs, kinds := []string{""}, []string{"concerns"}
	if strings.Contains(r.path, "{slug}") {
		slugs = []string{n.own, n.other, "inconnue"}
		kinds = kindsOfPages[:1]
		if strings.Contains(r.path, "{kind}") {
			kinds = kindsOfPages
		}
	}
	var all []string
	for _, slug := range slugs {
		for _, kind := range kinds {
			fill := map[string]string{"{$}": "", "{id}": n.id, "{to}": n.to, "{slug}": slug, "{kind}": kind, "{jeton}": "essai", "{function}": "field", "{list}": "texts", "{line}": "0"}
			all = append(all, wildcard.ReplaceAllStringFunc(r.path, func(s string) string { return fill[s] }))
		}
	}
	return all
}
