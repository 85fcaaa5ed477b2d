package ui

import "context"

type frameKey struct{}

// WithFrame returns a context whose pages start from what frame gives: the menu,
// the person signed in, the language, the marking of a page without records.
func WithFrame(ctx context.Context, frame func(context.Context) Page) context.Context {
	return context.WithValue(ctx, frameKey{}, frame)
}

// Start returns the page that a handler fills in: the frame of the request, with a title.
func Start(ctx context.Context, title string, crumbs ...Link) Page {
	p := Page{}
	if frame, ok := ctx.Value(frameKey{}).(func(context.Context) Page); ok {
		p = frame(ctx)
	}
	p.Title, p.Crumbs = title, crumbs
	return p
}
