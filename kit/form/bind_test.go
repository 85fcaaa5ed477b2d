package form_test

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"cadre/kit/fault"
	"cadre/kit/form"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

type state string

type place struct {
	Region string `form:"region"`
}

type sheet struct {
	place
	Name   string    `form:"nom"`
	State  state     `form:"etat"`
	Themes []string  `form:"themes"`
	States []state   `form:"etats"`
	Open   bool      `form:"ouvert"`
	Seats  int       `form:"places"`
	Budget *int64    `form:"budget"`
	Since  form.Date `form:"depuis"`
	Kept   string    // not of the form
}

func ptr(n int64) *int64 { return &n }

func TestBind(t *testing.T) {
	got := sheet{Kept: "resté", Name: "ancien", Seats: 9, Budget: ptr(1)}
	err := form.Bind(url.Values{
		"region": {"Savanes"}, "nom": {"Salle"}, "etat": {"ouverte"}, "themes": {"a", "", "b"}, "etats": {"x"},
		"ouvert": {"on"}, "places": {"1\u202f200"}, "budget": {"3 200 000"}, "depuis": {"9/4/2026"}, "inconnu": {"?"},
	}, &got)
	want := sheet{place{"Savanes"}, "Salle", "ouverte", []string{"a", "b"}, []state{"x"}, true, 1200, ptr(3200000), form.Date{Year: 2026, Month: 4, Day: 9}, "resté"}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(sheet{})); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestBind_Empty(t *testing.T) {
	got := sheet{place{"s"}, "n", "e", []string{"a"}, []state{"b"}, true, 1, ptr(1), form.Date{Year: 2026, Month: 1, Day: 1}, ""}
	if err := form.Bind(url.Values{}, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sheet{}, got, cmp.AllowUnexported(sheet{})); diff != "" {
		t.Error(diff)
	}
}

func TestBind_SaysEverythingThatIsWrong(t *testing.T) {
	var dst sheet
	err := form.Bind(url.Values{"places": {"12,5"}, "budget": {"99999999999999999999"}, "depuis": {"31/02/2026"}, "ouvert": {"peut-être"}, "nom": {"juste"}}, &dst)
	var f *fault.Fault
	if !errors.As(err, &f) {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, field := range f.Fields {
		got[field.Name] = field.Sentence.Key
	}
	want := map[string]string{
		"places": "Donnez un nombre entier, sans virgule.",
		"budget": "Donnez un nombre entier, sans virgule.",
		"depuis": "Indiquez une date qui existe, par exemple 31/12/2026.",
		"ouvert": "Choisissez une des réponses proposées.",
	}
	if diff := cmp.Diff(want, got); diff != "" || dst.Name != "juste" {
		t.Error(diff, dst.Name)
	}
}

func TestBind_RefusesTypesNoFormCanHold(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a struct with a float was accepted")
		}
	}()
	var dst struct {
		Share float64 `form:"part"`
	}
	form.Bind(url.Values{"part": {"0,5"}}, &dst)
}

func TestUnbindThenBindChangesNothing(t *testing.T) {
	words := rapid.StringMatching(`[a-zéà ]*[a-z]`)
	days := rapid.Custom(func(t *rapid.T) form.Date {
		at := time.Unix(rapid.Int64Range(-30e9, 250e9).Draw(t, "second"), 0).UTC()
		return form.DateOf(at)
	})
	rapid.Check(t, func(t *rapid.T) {
		want := sheet{
			place:  place{words.Draw(t, "region")},
			Name:   words.Draw(t, "name"),
			Themes: rapid.SliceOfN(words, 1, 4).Draw(t, "themes"),
			Open:   rapid.Bool().Draw(t, "open"),
			Seats:  rapid.Int().Draw(t, "seats"),
			Budget: rapid.Ptr(rapid.Int64(), true).Draw(t, "budget"),
			Since:  days.Draw(t, "since"),
		}
		var got sheet
		err := form.Bind(form.Unbind(want), &got)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(sheet{})); diff != "" || err != nil {
			t.Fatal(diff, err)
		}
	})
}

func FuzzBind(f *testing.F) {
	f.Add("places=12&depuis=2026-02-30&ouvert=on")
	f.Add("budget=%C2%A0-1&themes=a&themes=")
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Skip()
		}
		var dst, again sheet
		if err := form.Bind(values, &dst); err != nil {
			if fault.KindOf(err) != fault.BadInput {
				t.Fatalf("not the user's fault: %v", err)
			}
			return
		}
		if err := form.Bind(form.Unbind(dst), &again); err != nil {
			t.Fatalf("what was accepted is refused when it comes back: %v", err)
		}
	})
}
