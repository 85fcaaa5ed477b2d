package test

import (
	"strings"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/input"
)

// What a person with a keyboard alone does on a page. Elements are known by their
// label or their words.

// focused is the name of what has the focus; empty for the page itself.
const focused = `() => {
	const e = document.activeElement
	if (e === document.body) return ""
	return e.labels?.length ? e.labels[0].innerText : e.getAttribute("aria-label") || e.innerText || e.value || ""
}`

// farthest is how often one presses a key before giving up.
const farthest = 300

// Reach presses Tab until the focus is on the element of that name.
func (tab *Tab) Reach(name string) {
	tab.t.Helper()
	name = Plain(name)
	for range farthest {
		tab.Press(input.Tab)
		line, _, _ := strings.Cut(strings.TrimSpace(tab.Eval(focused)), "\n")
		if got := Plain(line); got == name || strings.HasPrefix(got, name+" (") {
			return
		}
	}
	tab.t.Fatalf("%s: the Tab key never reaches « %s »", tab.Path(), name)
}

// Press presses keys, one after another, on what has the focus.
func (tab *Tab) Press(keys ...input.Key) {
	tab.t.Helper()
	tab.must(tab.Page.Keyboard.Type(keys...))
}

// Fill writes in the field that has the label, in place of what it holds.
func (tab *Tab) Fill(label, words string) {
	tab.t.Helper()
	tab.Reach(label)
	tab.must(tab.Page.KeyActions().Press(input.ControlLeft).Type(input.KeyA).Do())
	if words == "" {
		tab.Press(input.Backspace)
		return
	}
	tab.must(tab.Page.InsertText(words))
}

// Choose goes through the options of a list, from the first, to the one that begins so.
func (tab *Tab) Choose(label, option string) {
	tab.t.Helper()
	tab.Reach(label)
	tab.Press(input.Home)
	for range farthest {
		if strings.HasPrefix(Plain(tab.Eval(`() => document.activeElement.selectedOptions[0].innerText`)), Plain(option)) {
			return
		}
		tab.Press(input.ArrowDown)
	}
	tab.t.Fatalf("%s: « %s » does not offer « %s »", tab.Path(), label, option)
}

// grouped tells whether what has the focus is one of the answers among which an answer of that name is.
const grouped = `(name) => {
	const e = document.activeElement
	if (e.type !== "radio") return ""
	return [...document.getElementsByName(e.name)].some((x) => x.labels[0].innerText.split("\n")[0].trim() === name) ? "yes" : ""
}`

// Pick chooses the answer of that name, of several of which one holds: Tab leads to the group, the arrows to the answer.
func (tab *Tab) Pick(answer string) {
	tab.t.Helper()
	for range farthest {
		if tab.Press(input.Tab); tab.Eval(grouped, answer) != "" {
			break
		}
	}
	tab.Press(input.Space)
	for range farthest {
		line, _, _ := strings.Cut(strings.TrimSpace(tab.Eval(focused)), "\n")
		if Plain(line) == Plain(answer) {
			return
		}
		tab.Press(input.ArrowDown)
	}
	tab.t.Fatalf("%s: the keys never reach « %s »", tab.Path(), answer)
}

// Toggle ticks the box of that label, or unticks it.
func (tab *Tab) Toggle(label string) {
	tab.t.Helper()
	tab.Reach(label)
	tab.Press(input.Space)
}

// Follow presses Enter on the link or button of that name, and waits for the page it leads to.
func (tab *Tab) Follow(name string) {
	tab.t.Helper()
	tab.Reach(name)
	tab.Enter()
}

// Enter presses Enter on what has the focus, and waits for the page it leads to.
func (tab *Tab) Enter() {
	tab.t.Helper()
	tab.load("after "+tab.Path(), func(page *rod.Page) error { return page.Keyboard.Type(input.Enter) })
}

// FollowBeside presses Enter on a link that opens a tab of its own, and returns that tab.
func (tab *Tab) FollowBeside(name string) *Tab {
	tab.t.Helper()
	tab.Reach(name)
	open := tab.Page.Timeout(patience).WaitOpen()
	tab.Press(input.Enter)
	page, err := open()
	tab.must(err)
	beside := &Tab{t: tab.t, site: tab.site, axe: tab.axe, reader: tab.reader, at: name}
	beside.watch(page.Context(tab.Page.GetContext()))
	tab.must(beside.Page.Timeout(patience).Wait(rod.Eval(`() => document.readyState === "complete"`)))
	return beside
}
