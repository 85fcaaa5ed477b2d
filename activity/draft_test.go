package activity_test

import (
	"testing"

	"cadre/activity"
	"cadre/kit/db"
	"cadre/kit/fault"
)

func TestATaskIsNamedByCadre(t *testing.T) {
	w := open(t, db.SQLite)
	in := w.idea()
	task := activity.Task{ID: "1", Title: "Écrire", Structure: w.ids["cnad"]}
	in.Tasks = []activity.Task{task, task}
	f := w.drafted(in)
	first := f.Tasks[0].ID
	if first == "1" || first == f.Tasks[1].ID {
		t.Errorf("two tasks that claim one name: %v", f.Tasks)
	}
	in.Tasks = []activity.Task{f.Tasks[0], f.Tasks[0]}
	if f = w.amended(f, in); f.Tasks[0].ID != first || f.Tasks[1].ID == first {
		t.Errorf("%s given twice: %v", first, f.Tasks)
	}
	w.sound()
}

func TestATitleIsALineThatSaysSomething(t *testing.T) {
	w := open(t, db.SQLite)
	for typed, want := range map[string]string{"Atelier\nde Kara": "Atelier de Kara", "\u200b\u200b": "", "🎉": "", "–": "", "9": "9"} {
		in := w.idea()
		in.Title = typed
		f, err := w.Activities.Draft(ctx, w.focal("cnad"), in)
		if f.Title != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q %v", typed, f.Title, err)
		}
	}
}

func TestWhoWasOnlyToldIsAskedToTakePart(t *testing.T) {
	w := open(t, db.SQLite)
	in := w.idea("ciplev", "purs")
	in.Partners[0].Role = activity.Informed
	f := w.proposed(in)
	must(t, w.Activities.Call(ctx, w.focal("cnad"), f.ID, w.ids["ciplev"]))
	f, err := w.Activities.Find(ctx, w.focal("cnad"), f.ID)
	must(t, err)
	if got := w.verdicts(f); len(f.Partners) != 2 || got["ciplev"] != awaited {
		t.Errorf("%v, %v", f.Partners, got)
	}
	w.refused(w.Activities.Call(ctx, w.focal("cnad"), f.ID, w.ids["purs"]), fault.Conflict, "who signs already")
	w.sound()
}
