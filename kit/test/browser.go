package test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"
)

// Browser is a browser without a window.
type Browser struct {
	rod *rod.Browser
	axe string
}

// OpenBrowser starts the browser at CADRE_TEST_BROWSER and reads the rules of
// axe-core at CADRE_TEST_AXE, see Need. It ends with the test.
func OpenBrowser(t testing.TB) *Browser {
	t.Helper()
	program := Need(t, "CADRE_TEST_BROWSER", "a Chromium browser")
	axe, err := os.ReadFile(Need(t, "CADRE_TEST_AXE", "the file axe.min.js of axe-core"))
	if err != nil {
		t.Fatal(err)
	}
	start := launcher.New().Bin(program).NoSandbox(true).Set("disable-gpu").Set("disable-background-networking").Set("lang", "fr")
	address, err := start.Launch()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(start.Cleanup)
	b := &Browser{rod.New().ControlURL(address), string(axe)}
	if err := b.rod.Connect(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.rod.Close() })
	return b
}

// Reader is how somebody reads a site.
type Reader struct {
	Width   int // of the screen, in pixels; a phone below 500
	Scripts bool
	Cookies []*http.Cookie
}

// patience is how long a page may take.
const patience = 20 * time.Second

// Tab is a tab with cookies and storage of its own. It notes what no page of the site
// may do: write to the console, break its policy, ask another site for something.
type Tab struct {
	Page *rod.Page

	t      testing.TB
	site   string
	axe    string
	reader Reader

	mu    sync.Mutex
	at    string // page being read
	wrong []string
	bytes int
}

// Open opens a tab on a site, for a reader. It closes with the test, or before.
func (b *Browser) Open(t testing.TB, site string, r Reader) *Tab {
	t.Helper()
	tab := &Tab{t: t, site: site, axe: b.axe, reader: r}
	private, err := b.rod.Incognito()
	tab.must(err)
	page, err := private.Page(proto.TargetCreateTarget{URL: "about:blank"})
	tab.must(err)
	tab.watch(page)
	for _, c := range r.Cookies {
		tab.must(page.SetCookies([]*proto.NetworkCookieParam{{Name: c.Name, Value: c.Value, URL: site}}))
	}
	return tab
}

// watch makes the tab show a page of the browser.
func (tab *Tab) watch(page *rod.Page) {
	tab.t.Helper()
	tab.Page = page
	tab.t.Cleanup(tab.Close)
	width := tab.reader.Width
	tab.must(page.SetViewport(&proto.EmulationSetDeviceMetricsOverride{Width: width, Height: 800, DeviceScaleFactor: 1, Mobile: width < 500}))
	tab.runScripts(tab.reader.Scripts)
	go page.EachEvent(tab.onConsole, tab.onException, tab.onLog, tab.onRequest, tab.onReceived)()
}

// Close closes the tab; what it did wrong is still told.
func (tab *Tab) Close() {
	_ = tab.Page.Close()
	for _, w := range tab.Wrong() {
		tab.t.Error(w)
	}
}

func (tab *Tab) must(err error) {
	tab.t.Helper()
	if err != nil {
		tab.t.Fatalf("%s: %v", tab.at, err)
	}
}

func (tab *Tab) runScripts(yes bool) {
	tab.must(proto.EmulationSetScriptExecutionDisabled{Value: !yes}.Call(tab.Page))
}

func (tab *Tab) note(format string, args ...any) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.wrong = append(tab.wrong, tab.at+": "+fmt.Sprintf(format, args...))
}

func (tab *Tab) onConsole(e *proto.RuntimeConsoleAPICalled) {
	b, _ := json.Marshal(e.Args)
	tab.note("console.%s %s", e.Type, b)
}

func (tab *Tab) onException(e *proto.RuntimeExceptionThrown) {
	tab.note("exception: %s", e.ExceptionDetails.Text)
}

// onLog notes what the browser says on the console, but that a page answered with a status
// of refusal and that the browser erased what it kept, which are meant.
func (tab *Tab) onLog(e *proto.LogEntryAdded) {
	refusal := e.Entry.Source == proto.LogLogEntrySourceNetwork && !strings.Contains(e.Entry.URL, "/static/")
	meant := strings.HasPrefix(e.Entry.Text, "Clear-Site-Data")
	if !refusal && !meant {
		tab.note("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
	}
}

func (tab *Tab) onRequest(e *proto.NetworkRequestWillBeSent) {
	if u := e.Request.URL; !strings.HasPrefix(u, tab.site+"/") && !strings.HasPrefix(u, "data:") {
		tab.note("asks another site for %s", u)
	}
}

func (tab *Tab) onReceived(e *proto.NetworkLoadingFinished) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.bytes += int(e.EncodedDataLength)
}

// Wrong lists what the tab did that no page may do, and forgets it.
func (tab *Tab) Wrong() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	w := tab.wrong
	tab.wrong = nil
	return w
}

// Received is how many bytes came over the line since it was last asked, headers and
// compression included.
func (tab *Tab) Received() int {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	n := tab.bytes
	tab.bytes = 0
	return n
}

// Visit types an address of the site into the browser.
func (tab *Tab) Visit(path string) {
	tab.t.Helper()
	tab.load(path, func(page *rod.Page) error { return page.Navigate(tab.site + path) })
}

// Back goes back as the browser's own button does, which may show a page as it was kept.
func (tab *Tab) Back() {
	tab.t.Helper()
	page := tab.Page.Timeout(patience)
	wait := page.WaitEvent(&proto.PageFrameNavigated{})
	tab.must(page.NavigateBack())
	wait()
	tab.must(page.Wait(rod.Eval(`() => document.readyState === "complete" && document.body.innerText !== ""`)))
}

// Printed is the page as a PDF document.
func (tab *Tab) Printed() []byte {
	tab.t.Helper()
	paper, err := tab.Page.PDF(&proto.PagePrintToPDF{PreferCSSPageSize: true, PrintBackground: true})
	tab.must(err)
	document, err := io.ReadAll(paper)
	tab.must(err)
	return document
}

// load waits for the page to which something leads, and until a page that says what is wrong
// has led its reader there. The scripts of a page cannot be asked for that: they may not run.
func (tab *Tab) load(at string, leave func(*rod.Page) error) {
	tab.t.Helper()
	tab.mu.Lock()
	tab.at = at
	tab.mu.Unlock()
	page := tab.Page.Timeout(patience)
	wait := page.WaitNavigation(proto.PageLifecycleEventNameLoad)
	tab.must(leave(page))
	wait()
	tab.must(page.GetContext().Err())
	tab.must(page.Wait(rod.Eval(`() => location.hash !== "" || !document.querySelector("[autofocus]") || document.activeElement.hasAttribute("autofocus")`)))
}

// Path is where the tab is, with its query.
func (tab *Tab) Path() string {
	tab.t.Helper()
	return strings.TrimPrefix(tab.Eval(`() => location.href`), tab.site)
}

// Words is what the page says, as one reads it; spaces are all alike.
func (tab *Tab) Words() string {
	tab.t.Helper()
	return Plain(tab.Eval(`() => document.body.innerText`))
}

// Await waits until the page says something that comes without leaving it.
func (tab *Tab) Await(sentence string) {
	tab.t.Helper()
	err := tab.Page.Timeout(patience).Wait(rod.Eval(`(said) => document.body.innerText.replace(/\s+/g, " ").includes(said)`, Plain(sentence)))
	if err != nil {
		tab.t.Fatalf("%s does not come to say « %s »:\n%s", tab.Path(), sentence, tab.Words())
	}
}

// Plain makes every run of spaces, of whatever kind, one plain space.
func Plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// Eval runs a function in the page, also where the page's own scripts may not run, and
// returns what it says.
func (tab *Tab) Eval(script string, args ...any) string {
	tab.t.Helper()
	got, err := tab.Page.Timeout(patience).Eval(script, args...)
	tab.must(err)
	return got.Value.Str()
}

// Overflow is by how many pixels the page is wider than the screen.
func (tab *Tab) Overflow() int {
	tab.t.Helper()
	got, err := tab.Page.Eval(`() => document.documentElement.scrollWidth`)
	tab.must(err)
	return max(0, got.Value.Int()-tab.reader.Width)
}

// Barriers lists what axe-core finds against WCAG 2.0 to 2.2 A and AA, and against its best practices.
func (tab *Tab) Barriers() []string {
	tab.t.Helper()
	tab.runScripts(true)
	defer tab.runScripts(tab.reader.Scripts)
	_, err := proto.RuntimeEvaluate{Expression: tab.axe}.Call(tab.Page)
	tab.must(err)
	got, err := tab.Page.Timeout(patience).Eval(`() => axe.run(document, {
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"], preload: false,
	}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + ": " + n.failureSummary)))`)
	tab.must(err)
	var all []string
	tab.must(got.Value.Unmarshal(&all))
	return all
}
