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
	factForm     = "title=Essai&theme=ARM&place=TG-S&marking=green&audience=members&role=leads&kind=trainers&version=1&reach=x&once=" // a once field left empty is none
	factJSON     = `{"title":"Essai","theme":"ARM","place":"TG-S","marking":"green","audience":["members"],"content":`
	activityForm = "title=Essai&purpose=Essai&type=SENS&themes=ARM&places=TG-S&from=2026-12&marking=green&audience=members&version=1&once="
	activityJSON = `{"title":"Essai","purpose":"Essai","type":"SENS","themes":["ARM"],"places":["TG-S"],"period":{"from":"2026-12"},"marking":"green","audience":["members"]}`
	callForm     = "title=Essai&why=Essai&theme=ARM&place=TG-S&marking=green&audience=members&version=1&once="
	callJSON     = `{"title":"Essai","why":"Essai","theme":"ARM","place":"TG-S","marking":"green","audience":["members"]}`
	accordForm   = "title=Essai&sort=protocol&object=Essai&outside=Essai&signed_on=2026-01-05&from=2026-01-05&marking=green&audience=members&version=1&once="
	accordJSON   = `{"title":"Essai","sort":"protocol","object":"Essai","parties":[],"outside":"Essai","signed_on":"2026-01-05","from":"2026-01-05","clauses":[],"marking":"green","audience":["members"]}`
	wishJSON     = `{"why":"Essai","terms":{"purpose":"Essai","period":{"from":"2026-12"},"places":["TG-S"],"budget":[],"partners":[]}}`
	turned       = "verb=withdrawn&version=1"
	twice        = "password=une+phrase+assez+longue&again=une+phrase+assez+longue"
	someone      = "name=Essai&email={email}&functions=reader&language=fr&mandate=must_refer&clearance=green&structure={structure}"
	guest        = `{"name":"Essai","email":"{email}","functions":["reader"],"language":"fr","mandate":"must_refer","clearance":"green"}`
)

// ways says how every route of the pages is asked, by its pattern.
var ways = map[string]way{
	"GET /healthz":     {},
	"GET /readyz":      {},
	"GET /robots.txt":  {},
	"GET /sitemap.xml": {},
	"GET /aide":        {},
	"GET /api/v1":      {},
	"GET /preuve":      {},
	"GET /{$}":         {queries: []string{"?lang=en", "?lang=fr"}},

	"GET /calendrier":                     {queries: []string{"?annee=2027", "?annee=x", "?lang=en"}},
	"GET /calendrier/fetes/nouvelle":      {queries: []string{"?fete=tabaski"}},
	"POST /calendrier/fetes":              {form: "holiday=tabaski&day=2027-05-16&source=Essai"},
	"GET /calendrier/fetes/{id}":          {},
	"POST /calendrier/fetes/{id}":         {form: "holiday=tabaski&day=2027-05-16&source=Essai&version=1"},
	"POST /calendrier/fetes/{id}/retirer": {form: "version=1"},
	"GET /calendrier/delais":              {},
	"POST /calendrier/delais":             {form: "holder=3&deputy=3&head=5&version=1"},

	"GET /demo":            {},
	"POST /demo/connexion": {form: "person={id}"},
	"GET /demo/mails":      {queries: []string{"?format=json"}},
	"GET /demo/clock":      {},
	"POST /demo/clock":     {form: "advance=1ms"},
	"GET /demo/galerie":    {},

	"GET /structures": {queries: []string{"?theme=ARM", "?lieu=TG-S", "?nature=agency", "?theme=CHM&lieu=TG-K", "?page=zz",
		"?format=xlsx", "?format=csv&hxl=1&theme=ARM", "?format=json&lieu=TG-S", "?format=vcf"}},

	"GET /structures/nouvelle":                         {},
	"POST /structures":                                 {form: "acronym=Essai&name=Essai&slug=essai&nature=agency&independent=1"},
	"GET /structures/{slug}":                           {queries: []string{"?lang=en", "?format=vcf"}},
	"GET /structures/{slug}/{kind}":                    {queries: []string{"?lang=en", "?page=zz", "?format=xlsx", "?format=csv&hxl=1", "?format=json", "?format=geojson"}},
	"GET /structures/{slug}/modifier":                  {},
	"POST /structures/{slug}":                          {form: "acronym=Essai&nature=agency&version=1"},
	"GET /structures/{slug}/nom":                       {},
	"POST /structures/{slug}/nom":                      {form: "value=Essai&from=2026-01&version=1"},
	"GET /structures/{slug}/tutelle":                   {},
	"POST /structures/{slug}/tutelle":                  {form: "value=Essai&from=2026-01&version=1"},
	"GET /structures/{slug}/texte":                     {},
	"POST /structures/{slug}/texte":                    {form: "title=Essai&date=2026-01&version=1"},
	"POST /structures/{slug}/retirer":                  {form: "list=texts&line=0&version=1"},
	"GET /structures/{slug}/confirmer":                 {queries: []string{"?lang=en"}},
	"POST /structures/{slug}/confirmer":                {form: "once="},
	"GET /structures/{slug}/dissoudre":                 {},
	"POST /structures/{slug}/dissoudre":                {form: "on=2020&text=Essai&version=1"},
	"POST /structures/{slug}/retablir":                 {form: "version=1"},
	"POST /structures/{slug}/reprendre":                {form: "once="},
	"GET /structures/{slug}/{kind}/ajouter":            {},
	"POST /structures/{slug}/{kind}":                   {form: factForm},
	"GET /structures/{slug}/{kind}/importer":           {},
	"POST /structures/{slug}/{kind}/importer":          {form: "marking=green&audience=members"},
	"GET /structures/{slug}/{kind}/importer/modele":    {},
	"GET /structures/{slug}/{kind}/importer/colonnes":  {},
	"POST /structures/{slug}/{kind}/importer/colonnes": {form: "column-0=title&marking=green&audience=members"},
	"GET /structures/{slug}/{kind}/importer/apercu":    {},
	"POST /structures/{slug}/{kind}/importer/apercu":   {form: "seen=x"},
	"GET /faits/{id}":                                  {about: records, queries: []string{"?lang=en"}},
	"GET /faits/{id}/modifier":                         {about: records},
	"POST /faits/{id}":                                 {about: records, form: factForm},
	"POST /faits/{id}/etat":                            {about: records, form: turned},
	"GET /annuaire/livret.pdf":                         {queries: []string{"?lang=en"}},
	"GET /annuaire/changements.atom":                   {queries: []string{"?lang=en"}},
	"GET /annuaire/fraicheur":                          {queries: []string{"?format=xlsx", "?format=csv&hxl=1", "?format=json"}},

	"GET /annuaire/matrice":      {queries: []string{"?lang=en", "?par=territoires", "?lieu=TG-S&type=mission", "?par=territoires&lieu=TG-S&theme=ARM", "?nature=agency&role=leads", "?format=xlsx", "?format=csv&hxl=1&par=territoires"}},
	"GET /annuaire/a-qui":        {queries: []string{"?theme=DRG&lieu=TG-S&besoin=information", "?theme=ARM&besoin=means&moyen=trainers&lang=en", "?theme=CYB&lieu=TG-K", "?theme=x"}},
	"GET /annuaire/carte":        {queries: []string{"?theme=ARM", "?type=branch", "?type=capacity&vue=tableau", "?lang=en&structure={other}", "?format=xlsx", "?format=csv&hxl=1&theme=ARM", "?format=json", "?format=geojson&type=branch"}},
	"GET /annuaire/moyens":       {queries: []string{"?moyen=trainers&lieu=TG-K&jour=01/12/2026", "?jour=x", "?page=zz", "?format=xlsx", "?format=csv&hxl=1", "?format=json&lieu=TG-S", "?format=geojson"}},
	"GET /annuaire/sans-reponse": {queries: []string{"?format=xlsx", "?format=csv&hxl=1", "?format=json"}},
	"GET /territoires/{code}":    {queries: []string{"?lang=en"}},
	"GET /annuaire/faits":        {queries: []string{"?theme=ARM&lieu=TG-S", "?structure={own}&portee=here&lieu=TG-K", "?seul=oui", "?type=capacity&moyen=trainers&jour=2026-12-01", "?structure={other}", "?page=zz", "?format=xlsx&theme=ARM", "?format=csv", "?format=json&structure={other}", "?format=geojson"}},

	"GET /activites": {queries: []string{"?etat=concertation", "?structure={structure}&theme=ARM&lieu=TG-S&periode=2026", "?type=SENS&periode=2026-T4", "?page=zz", "?format=csv&hxl=1", "?format=json&periode=2026", "?format=geojson", "?format=xlsx"}},

	"GET /agenda/{jeton}":                          {},
	"GET /activites/plan.pdf":                      {queries: []string{"?periode=2026&lieu=TG-S"}},
	"GET /activites/formulaire.pdf":                {queries: []string{"?lang=en"}},
	"GET /activites/calendrier":                    {queries: []string{"?periode=2026", "?periode=2026-12&structure={structure}", "?periode=2026-T4&theme=ARM"}},
	"GET /activites/carte":                         {queries: []string{"?periode=2026-12", "?periode=2026&theme=ARM&vue=tableau", "?periode=2026&structure={structure}"}},
	"GET /activites/frise":                         {queries: []string{"?periode=2026&lieu=TG-S", "?periode=2026-12"}},
	"GET /activites/evolution":                     {queries: []string{"?depuis=2026-01-01", "?depuis=essai", "?periode=2026&depuis=01/11/2026"}},
	"GET /activites/nouvelle":                      {queries: []string{"?lang=en"}},
	"POST /activites":                              {form: activityForm},
	"GET /activites/importer":                      {},
	"POST /activites/importer":                     {form: "marking=green&audience=members"},
	"GET /activites/importer/modele":               {},
	"GET /activites/importer/colonnes":             {},
	"POST /activites/importer/colonnes":            {form: "column-0=title&marking=green&audience=members"},
	"GET /activites/importer/apercu":               {},
	"POST /activites/importer/apercu":              {form: "seen=x"},
	"GET /activites/{id}":                          {about: records, queries: []string{"?lang=en"}},
	"GET /activites/{id}/formulaire.pdf":           {about: records, queries: []string{"?lang=en"}},
	"GET /activites/{id}/modifier":                 {about: records},
	"POST /activites/{id}":                         {about: records, form: activityForm},
	"GET /activites/{id}/listes/{list}":            {about: records},
	"POST /activites/{id}/listes/{list}":           {about: records, form: "version=1&title=Essai"},
	"POST /activites/{id}/appuis":                  {about: records, form: "structure={structure}"},
	"POST /activites/{id}/taches/{task}":           {about: records, form: "state=done"},
	"POST /activites/{id}/reponse":                 {about: records, form: "verdict=declined&reason=Essai&terms=x"},
	"GET /activites/{id}/proposition":              {about: records},
	"POST /activites/{id}/proposition":             {about: records, form: activityForm + "&why=Essai"},
	"POST /activites/{id}/propositions/{proposal}": {about: records, form: "decision=refused&reason-essai=Essai&version=1"},
	"POST /activites/{id}/rapport/avis":            {about: records, form: "judgement=confirmed"},
	"GET /activites/{id}/etapes/{verb}":            {about: records},
	"POST /activites/{id}/etapes/{verb}":           {about: records, form: "reason=Essai&version=1"},

	"GET /synergie":                            {queries: []string{"?lang=en"}},
	"POST /synergie/apercu":                    {about: records, queries: []string{"?fiche={id}"}, form: activityForm},
	"GET /synergie/paires/{id}/{to}":           {about: records},
	"POST /synergie/paires/{id}/{to}":          {about: records, form: "verdict=dismissed&reason=unrelated&version=0"},
	"POST /synergie/paires/{id}/{to}/gain":     {about: records, form: "days=1&version=1"},
	"GET /synergie/lacunes":                    {queries: []string{"?theme=ARM", "?periode=2027-T1&vue=carte"}},
	"GET /synergie/appels":                     {queries: []string{"?etat=closed", "?page=zz"}},
	"GET /synergie/appels/nouveau":             {queries: []string{"?theme=ARM&place=TG-S&from=2026-12-01"}},
	"POST /synergie/appels":                    {form: callForm},
	"GET /synergie/appels/{id}":                {about: records, queries: []string{"?lang=en"}},
	"GET /synergie/appels/{id}/modifier":       {about: records},
	"POST /synergie/appels/{id}":               {about: records, form: callForm},
	"POST /synergie/appels/{id}/etapes/{verb}": {about: records, form: "reason=Essai&version=1"},
	"POST /synergie/appels/{id}/reponse":       {about: records, form: "reason=Essai"},
	"GET /protocoles":                          {queries: []string{"?etat=draft", "?etat=ended", "?page=zz"}},
	"GET /protocoles/nouveau":                  {},
	"POST /protocoles":                         {form: accordForm},
	"GET /protocoles/{id}":                     {about: records, queries: []string{"?lang=en"}},
	"GET /protocoles/{id}/modifier":            {about: records},
	"POST /protocoles/{id}":                    {about: records, form: accordForm},
	"GET /protocoles/{id}/clauses":             {about: records},
	"POST /protocoles/{id}/clauses":            {about: records, form: "version=1&clause_id=&clause=Essai&clause_structure={structure}&clause_due=31/12/2026"},
	"POST /protocoles/{id}/suivi":              {about: records, form: "clause=&state=kept&note=Essai"},
	"POST /protocoles/{id}/etapes/{verb}":      {about: records, form: "reason=Essai&version=1"},
	"GET /synergie/reseau":                     {queries: []string{"?theme=DRG", "?annee=2026"}},
	"GET /synergie/calendrier":                 {queries: []string{"?days=2&structures={structure}&from=2026-12-01&to=2027-02-01"}},
	"GET /synergie/pilotage":                   {},

	"GET /fiches/{id}":                {about: records},
	"GET /fiches/{id}/historique":     {about: records},
	"GET /fiches/{id}/versions":       {about: records, queries: []string{"?de=1&a=1", "?de=1&a=2", "?de=2&a=2"}},
	"GET /fiches/{id}/lecteurs":       {about: records},
	"POST /fiches/{id}/suivre":        {about: records, form: "follow=yes"},
	"POST /fiches/{id}/liens":         {about: records, form: "kind=concerns&to={to}"},
	"POST /fiches/{id}/liens/retirer": {about: records, form: "kind=concerns&to={to}"},

	"GET /fiches/{id}/commentaires":                    {about: records, queries: []string{"?lang=en", "?page=zz"}},
	"POST /fiches/{id}/commentaires":                   {about: records, form: "text=Essai&once="},
	"GET /fiches/{id}/commentaires/{comment}":          {about: records},
	"POST /fiches/{id}/commentaires/{comment}":         {about: records, form: "text=Essai&version=1"},
	"POST /fiches/{id}/commentaires/{comment}/retirer": {about: records, form: "version=1"},

	"GET /fiches/{id}/pieces":                  {about: records, queries: []string{"?lang=en"}},
	"POST /fiches/{id}/pieces":                 {about: records, form: "file=essai"},
	"POST /fiches/{id}/pieces/morceaux":        {about: records, queries: []string{"?name=essai.txt&size=9&mark=1&at=0"}, form: "file=essai"},
	"GET /fiches/{id}/pieces/{piece}":          {about: records},
	"POST /fiches/{id}/pieces/{piece}/retirer": {about: records, form: "once="},

	"GET /recherche": {queries: []string{"?q=zq", "?q=essai", "?q=essai&nature=directory.mission&structure={id}&theme=ARM&lieu=TG-S",
		"?q=essai&depuis=2020-01-01&jusque=2040-01-01&lieu=TG", "?q=essai&jusque=2020-01-01", "?q=essai&depuis=zz", "?q=essai&page=eyJmIjoyMX0",
		"?q=%22essai+zqaba%22", "?q=essai&format=xlsx", "?q=essai&format=csv&hxl=1&lieu=TG", "?q=essai&format=json&page=eyJmIjoyMX0", "?q=" + word(0), "?q=" + word(9)}},
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
		"POST /structures/{id}/imports/{table}": {about: structures, json: `{}`, queries: []string{"?preview=true&marking=green&audience=members"}},
		"POST /structures/{id}/texts":           {about: structures, match: "1", json: `{"title":"Essai"}`},
		"POST /structures/{id}/confirmation":    {about: structures},
		"POST /structures/{id}/closing":         {about: structures, match: "1", json: `{"on":"2020","text":"Essai"}`},
		"DELETE /structures/{id}/closing":       {about: structures, match: "1"},
		"POST /structures/{id}/adoption":        {about: structures},
		"GET /freshness":                        {},
		"POST /reach":                           {json: `{"marking":"amber","audience":["structure:{other}"]}`},

		"GET /matrix":                 {queries: []string{"?by=territories&theme=ARM", "?place=TG-S&kind=mission"}},
		"GET /map":                    {queries: []string{"?theme=EXV", "?kind=branch"}},
		"GET /whom-to-ask/unanswered": {},
		"GET /whom-to-ask":            {queries: []string{"?theme=DRG&place=TG-S", "?theme=ARM&need=means&means=trainers"}},

		"GET /records/{id}/history":              {about: records},
		"GET /records/{id}/readings":             {about: records},
		"GET /records/{id}/links":                {about: records},
		"POST /records/{id}/links":               {about: records, json: `{"kind":"concerns","to":"{to}"}`},
		"DELETE /records/{id}/links/{kind}/{to}": {about: records},
		"PUT /records/{id}/follow":               {about: records},
		"DELETE /records/{id}/follow":            {about: records},

		"GET /records/{id}/comments":              {about: records, queries: []string{"?limit=1", "?after=zz"}},
		"POST /records/{id}/comments":             {about: records, json: `{"text":"Essai"}`},
		"PUT /records/{id}/comments/{comment}":    {about: records, match: "1", json: `{"text":"Essai"}`},
		"DELETE /records/{id}/comments/{comment}": {about: records, match: "1"},

		"GET /records/{id}/attachments":            {about: records},
		"POST /records/{id}/attachments":           {about: records, queries: []string{"?name=essai.txt"}, json: `{"essai":1}`},
		"DELETE /records/{id}/attachments/{piece}": {about: records},

		"POST /records/{id}/sendings":                      {about: records, queries: []string{"?name=essai.txt&size=9&at=0"}, json: `{"essai":1}`},
		"POST /records/{id}/sendings/{sending}/attachment": {about: records},

		"GET /desk":             {},
		"GET /changes":          {},
		"GET /themes":           {},
		"GET /places":           {},
		"GET /proof":            {},
		"GET /delays":           {},
		"PUT /delays":           {match: "1", json: `{"holder":3,"deputy":3,"head":5}`},
		"GET /holidays":         {queries: []string{"?year=2027"}},
		"POST /holidays":        {json: `{"holiday":"tabaski","day":"2027-05-16"}`},
		"PUT /holidays/{id}":    {match: "1", json: `{"holiday":"tabaski","day":"2027-05-16"}`},
		"DELETE /holidays/{id}": {match: "1"},

		"GET /activities":                                   {queries: []string{"?state=idea", "?theme=ARM&place=TG-S", "?structure={id}&period=2026", "?limit=1"}},
		"POST /activities":                                  {json: activityJSON},
		"POST /activities/imports":                          {json: `{}`, queries: []string{"?preview=true&marking=green&audience=members"}},
		"GET /activities/{id}":                              {about: records},
		"PUT /activities/{id}":                              {about: records, match: "1", json: activityJSON},
		"POST /activities/{id}/transitions/{verb}":          {about: records, match: "1", json: `{"reason":"Essai"}`},
		"POST /activities/{id}/report":                      {about: records, match: "1", json: `{"summary":"Essai"}`},
		"PUT /activities/{id}/report/review":                {about: records, json: `{"judgement":"confirmed"}`},
		"GET /activities/{id}/signatures":                   {about: records},
		"POST /activities/{id}/signatures":                  {about: records, json: `{"verdict":"declined","reason":"Essai","terms":"x"}`},
		"GET /activities/{id}/proposals":                    {about: records},
		"POST /activities/{id}/proposals":                   {about: records, match: "1", json: wishJSON},
		"POST /activities/{id}/proposals/{proposal}/answer": {about: records, match: "1", json: `{"decision":"refused","reason":"Essai"}`},
		"PUT /activities/{id}/tasks/{task}":                 {about: records, json: `{"state":"done"}`},

		"GET /synergy/overlaps":                 {queries: []string{"?structure={structure}", "?limit=1"}},
		"GET /synergy/gaps":                     {queries: []string{"?theme=ARM", "?period=2027-T1"}},
		"GET /calls":                            {queries: []string{"?state=closed", "?limit=1"}},
		"POST /calls":                           {json: callJSON},
		"GET /calls/{id}":                       {about: records},
		"PUT /calls/{id}":                       {about: records, match: "1", json: callJSON},
		"POST /calls/{id}/transitions/{verb}":   {about: records, match: "1", json: `{"reason":"Essai"}`},
		"PUT /calls/{id}/refusal":               {about: records, json: `{"reason":"Essai"}`},
		"GET /accords":                          {queries: []string{"?state=draft", "?limit=1"}},
		"POST /accords":                         {json: accordJSON},
		"GET /accords/{id}":                     {about: records},
		"PUT /accords/{id}":                     {about: records, match: "1", json: accordJSON},
		"POST /accords/{id}/transitions/{verb}": {about: records, match: "1", json: `{"reason":"Essai"}`},
		"PUT /accords/{id}/clauses/{clause}":    {about: records, json: `{"state":"kept","note":"Essai"}`},
		"GET /synergy/network":                  {queries: []string{"?year=2026", "?theme=DRG"}},
		"GET /activities/{id}/overlaps":         {about: records},

		"PUT /activities/{id}/overlaps/{to}":      {about: records, json: `{"verdict":"dismissed","reason":"unrelated"}`},
		"PUT /activities/{id}/overlaps/{to}/gain": {about: records, match: "1", json: `{"days":1}`},

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

// kindsOfPages are the kinds of facts as the pages' addresses name them, and what is imported beside them.
var kindsOfPages = []string{"missions", "programmes", "moyens", "antennes", "documents", "points-focaux", "inconnu"}

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
			fill := map[string]string{"{$}": "", "{id}": n.id, "{to}": n.to, "{slug}": slug, "{kind}": kind, "{jeton}": "essai", "{function}": "field", "{list}": "texts", "{table}": "missions", "{line}": "0", "{verb}": "abandoned", "{task}": "essai", "{proposal}": "essai", "{comment}": n.to, "{piece}": n.to, "{sending}": n.to}
			fill["{code}"] = "TG-S" // of a territory
			if r.kind() == "calls" {
				fill["{verb}"] = "closed"
			}
			if r.kind() == "accords" {
				fill["{verb}"], fill["{clause}"] = "ended", n.to
			}
			if strings.HasPrefix(r.path, "/activites") {
				fill["{list}"] = "taches"
			}
			all = append(all, wildcard.ReplaceAllStringFunc(r.path, func(s string) string { return fill[s] }))
		}
	}
	return all
}
