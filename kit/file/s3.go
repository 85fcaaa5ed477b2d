package file

import (
	"bufio"
	"context"
	"io"
	"net/url"
	"os"
	"path"
	"strings"

	"cadre/kit/fault"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// bucket keeps each file as PREFIX/ab12….
type bucket struct {
	client *minio.Client
	name   string
	prefix string // empty, or ending in a slash
}

func openS3(address, keyFile string) (Store, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fault.New(fault.BadInput, "Adresse des pièces jointes : écrivez s3://HÔTE/SEAU ou s3://HÔTE/SEAU/PRÉFIXE, sans secret.").Because(err)
	}
	name, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if u.Host == "" || name == "" || u.User != nil {
		return nil, fault.New(fault.BadInput, "Adresse des pièces jointes : écrivez s3://HÔTE/SEAU ou s3://HÔTE/SEAU/PRÉFIXE, sans secret.")
	}
	id, secret, err := keyIn(keyFile)
	if err != nil {
		return nil, err
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(id, secret, ""), Region: u.Query().Get("region"), Secure: u.Query().Get("tls") != "none",
		BucketLookup: minio.BucketLookupPath})
	if err != nil {
		return nil, fault.New(fault.BadInput, "Adresse des pièces jointes : écrivez s3://HÔTE/SEAU ou s3://HÔTE/SEAU/PRÉFIXE, sans secret.").Because(err)
	}
	if prefix != "" {
		prefix += "/"
	}
	return bucket{client, name, prefix}, nil
}

// keyIn reads the two lines of the file of the access key.
func keyIn(file string) (id, secret string, err error) {
	f, err := os.Open(file) // #nosec G304 -- the operator's own file
	if err != nil {
		return "", "", fault.New(fault.BadInput, "La clé d’accès des pièces jointes ne peut pas être lue.").Because(err)
	}
	defer f.Close() //nolint:errcheck // only read
	var lines []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := strings.TrimSpace(s.Text()); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) != 2 {
		return "", "", fault.New(fault.BadInput, "La clé d’accès des pièces jointes doit tenir sur deux lignes : son nom, puis la clé.")
	}
	return lines[0], lines[1], nil
}

// Put sends the file in one go, once its digest is known to be right: what lies under a
// digest must not be replaced by other bytes. The server keeps it whole or not at all.
func (b bucket) Put(ctx context.Context, sum string, size int64, from io.ReadSeeker) error {
	start, err := from.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	got, n, err := Digest(from)
	if err == nil && (got != sum || n != size) {
		err = errOther(sum, size)
	}
	if err != nil {
		return err
	}
	if _, err := from.Seek(start, io.SeekStart); err != nil {
		return err
	}
	_, err = b.client.PutObject(ctx, b.name, b.prefix+sum, from, size, minio.PutObjectOptions{ContentType: "application/octet-stream", DisableMultipart: true})
	return err
}

// Open reads the object; a place in it is asked for when it is needed.
func (b bucket) Open(ctx context.Context, sum string) (io.ReadSeekCloser, error) {
	if !valid(sum) {
		return nil, ErrNone
	}
	object, err := b.client.GetObject(ctx, b.name, b.prefix+sum, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	if _, err := object.Stat(); err != nil {
		_ = object.Close()
		if absent(err) {
			err = ErrNone
		}
		return nil, err
	}
	return object, nil
}

func absent(err error) bool { return minio.ToErrorResponse(err).Code == minio.NoSuchKey }

// Delete removes the object.
func (b bucket) Delete(ctx context.Context, sum string) error {
	if !valid(sum) {
		return nil
	}
	return b.client.RemoveObject(ctx, b.name, b.prefix+sum, minio.RemoveObjectOptions{})
}

// Each lists the bucket.
func (b bucket) Each(ctx context.Context, do func(Kept) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop() // of the listing, when do fails
	for o := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if o.Err != nil {
			return o.Err
		}
		if name := path.Base(o.Key); valid(name) && b.prefix+name == o.Key {
			if err := do(Kept{name, o.Size, o.LastModified}); err != nil {
				return err
			}
		}
	}
	return nil
}
