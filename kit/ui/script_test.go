package ui

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"testing"

	"cadre/kit/test"

	"github.com/go-rod/rod"
	keyboard "github.com/go-rod/rod/lib/input"
	"github.com/go-rod/rod/lib/launcher"
)

// TestScript drives the gallery in a browser, under the policy that production sends.
func TestScript(t *testing.T) {
	path := test.Need(t, "CADRE_TEST_BROWSER", "a browser")
	start := launcher.New().Bin(path).NoSandbox(true).Set("disable-gpu").Set("disable-background-networking")
	browser := rod.New().ControlURL(start.MustLaunch()).MustConnect()
	t.Cleanup(start.Cleanup)
	t.Cleanup(browser.MustClose)
	site := gallerySite(t)
	open := func(path string) *rod.Page { return browser.MustPage(site + path).MustWaitLoad() }

	t.Run("slash leads to the search box", func(t *testing.T) {
		p := open("/")
		p.Keyboard.MustType(keyboard.Slash)
		if got := p.MustEval(`() => document.activeElement.id + document.activeElement.value`).Str(); got != "q" {
			t.Errorf("the focus is on %q", got)
		}
	})
	t.Run("what is typed in the search box is completed", func(t *testing.T) {
		p := open("/")
		p.MustElement("#q").MustInput("ar")
		p.MustWait(`() => document.querySelector("#q-list option")?.value === "Armes : ar"`)
	})
	t.Run("a form is sent once", func(t *testing.T) {
		p := open("/")
		p.MustEval(`() => { const f = document.querySelector("form[data-draft]"); f.target = "_blank"; f.requestSubmit(f.querySelector("[name=suite]")); }`)
		p.MustWait(`() => document.querySelector("form[data-draft] [name=suite]").disabled`)
	})
	t.Run("a draft comes back until it is erased", func(t *testing.T) { erasedDraft(t, open) })
	t.Run("a draft survives a submission that fails, not one that succeeds", func(t *testing.T) { sentDraft(t, open) })
	t.Run("a draft finds its fields where the page has more or fewer of others", func(t *testing.T) { movedDraft(t, open) })
	t.Run("a draft is its author's alone", func(t *testing.T) {
		write(open("/"))
		absent(t, open("/autre"))
		absent(t, open("/"))
	})
	t.Run("what is typed is told beside the form, without its key", func(t *testing.T) {
		p := open("/")
		p.MustElement("#nom").MustSelectAllText().MustInput("Un essai")
		p.MustWait(`() => document.getElementById("beside").textContent === "Un essai, sans clé"`)
		if role := p.MustElement("#beside").MustAttribute("role"); role == nil || *role != "status" {
			t.Errorf("it is not read out: %v", role)
		}
		p.MustEval(`() => localStorage.clear()`)
	})
	t.Run("a timeline wider than the screen opens at today", func(t *testing.T) {
		p := open("/").MustSetViewport(360, 640, 1, true).MustReload().MustWaitLoad()
		p.MustWait(`() => { const box = document.querySelector(".gantt"), now = box.querySelector(".now").getBoundingClientRect(); return box.scrollLeft > 0 && now.left > 0 && now.right < 360 }`)
	})
	t.Run("leaving erases drafts", func(t *testing.T) {
		p := open("/")
		write(p)
		p.MustElement(".me summary").MustClick()
		follow(p, ".me button")
		absent(t, p)
	})
}

func erasedDraft(t *testing.T, open func(string) *rod.Page) {
	write(open("/"))
	p := open("/")
	if got := name(p); got != "Un brouillon" {
		t.Fatalf("got %q", got)
	}
	if p.MustEval(`() => localStorage["draft:galerie"].includes("confidentiel")`).Bool() {
		t.Error("a password was kept")
	}
	p.MustElement(".draft button").MustClick()
	if got := name(p); got != "Former les agents de contrôle" {
		t.Errorf("after erasing, got %q", got)
	}
	absent(t, open("/"))
}

func sentDraft(t *testing.T, open func(string) *rod.Page) {
	p := open("/")
	write(p)
	send(p, "/panne")
	if p = open("/"); name(p) != "Un brouillon" {
		t.Fatalf("after a failure, got %q", name(p))
	}
	send(p, "/envoi")
	absent(t, open("/"))
}

// movedDraft types on a page that lacks a field and has one to spare of another, then reads it on the usual page.
func movedDraft(t *testing.T, open func(string) *rod.Page) {
	read := func(p *rod.Page) string {
		return p.MustEval(`() => [...document.querySelectorAll(".draft, #but, #lieu, #quartier")].map((f) => f.value).join()`).Str()
	}
	p := open("/")
	fresh := read(p)
	for _, c := range []struct{ typed, want string }{{"", fresh}, {"Marché", "," + fresh + "Marché"}} {
		p.MustEval(`(typed) => {
			localStorage.clear();
			document.querySelector("#site").remove();
			const lieu = document.querySelector("#lieu"), quartier = document.querySelector("#quartier");
			lieu.after(lieu.cloneNode(true));
			lieu.nextElementSibling.value = "";
			quartier.value = typed;
			quartier.dispatchEvent(new Event("input", { bubbles: true }));
		}`, c.typed)
		p.MustWait(`() => "draft:galerie" in localStorage`)
		if p = open("/"); read(p) != c.want {
			t.Errorf("%q comes back as %q, want %q", c.typed, read(p), c.want)
		}
	}
	p.MustEval(`() => localStorage.clear()`)
}

// send submits the form that keeps a draft to another address than its own.
func send(p *rod.Page, action string) {
	p.MustEval(`(a) => document.querySelector("form[data-draft]").action = a`, action)
	follow(p, "form[data-draft] .submit button")
}

// follow presses a button and waits for the page it leads to.
func follow(p *rod.Page, button string) {
	wait := p.MustWaitNavigation()
	p.MustElement(button).MustClick()
	wait()
	p.MustWaitLoad()
}

// gallerySite answers /envoi as a success and /panne as a failure.
func gallerySite(t *testing.T) string {
	mux := http.NewServeMux()
	show := func(pattern string, change func(*Page)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'")
			p := samplePage()
			p.Done = ""
			change(&p)
			Gallery(p).Render(r.Context(), w)
		})
	}
	mux.Handle("GET /static/", Assets())
	show("GET /", func(*Page) {})
	show("GET /enregistre", func(p *Page) { p.Done = "Enregistré." })
	show("GET /autre", func(p *Page) { p.Me = &Me{Key: "u2", Name: "Autre"} })
	mux.Handle("POST /envoi", http.RedirectHandler("/enregistre", http.StatusSeeOther))
	mux.Handle("POST /sortie", http.RedirectHandler("/", http.StatusSeeOther))
	mux.HandleFunc("POST /beside", func(w http.ResponseWriter, r *http.Request) {
		key := "sans clé"
		if r.PostFormValue("once") != "" {
			key = "avec sa clé"
		}
		fmt.Fprintf(w, "<p>%s, %s</p>", html.EscapeString(r.PostFormValue("nom")), key)
	})
	mux.HandleFunc("GET /recherche/suggestions", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "<option value='Armes : %s'></option>", html.EscapeString(r.FormValue("q")))
	})
	mux.HandleFunc("POST /panne", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "panne", http.StatusServiceUnavailable) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

// write types a draft and waits until the browser has kept it.
func write(p *rod.Page) {
	p.MustElement("#secret").MustInput("confidentiel")
	p.MustElement("#nom").MustSelectAllText().MustInput("Un brouillon")
	p.MustWait(`() => (localStorage["draft:galerie"] || "").includes("Un brouillon")`)
}

func name(p *rod.Page) string { return p.MustElement("#nom").MustProperty("value").Str() }

func absent(t *testing.T, p *rod.Page) {
	t.Helper()
	if got := name(p); got == "Un brouillon" || p.MustEval(`() => "draft:galerie" in localStorage`).Bool() {
		t.Errorf("the draft is still there: %q", got)
	}
}
