package api

import (
	"io"

	"github.com/danielgtaylor/huma/v2"
)

// Upload is embedded in the input of an operation that takes a file (Op.MaxBody): the body
// of the request is the file, and is not read before the operation asks.
type Upload struct{ body io.Reader }

// Resolve keeps the body of the request.
func (u *Upload) Resolve(ctx huma.Context) []error {
	u.body = ctx.BodyReader()
	return nil
}

// Bytes are those of the file, as they come.
func (u *Upload) Bytes() io.Reader { return u.body }
