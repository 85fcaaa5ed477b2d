package app

import (
	"cmp"
	"encoding/xml"

	"cadre/core/access"
	"cadre/kit/page"
	"cadre/kit/web"

	"cadre/directory"
)

// robots welcomes search engines to the public directory.
func (a *App) robots(*web.Request) (web.Response, error) {
	return web.Bytes("text/plain; charset=utf-8", []byte("User-agent: *\nAllow: /$\nAllow: /structures\nAllow: /faits\nAllow: /activites\nAllow: /annuaire/\nAllow: /territoires/\nAllow: /static/\nAllow: /sitemap.xml\n"+
		"Disallow: /annuaire/fraicheur\nDisallow: /annuaire/sans-reponse\nDisallow: /\nSitemap: "+a.site()+"/sitemap.xml\n")), nil
}

// site is the address of this Cadre.
func (a *App) site() string { return cmp.Or(a.BaseURL, a.People.BaseURL) }

type sitemap struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	Pages   []mapped `xml:"url"`
}

type mapped struct {
	Address string `xml:"loc"`
	Changed string `xml:"lastmod,omitempty"`
}

// sitemap lists the pages that anybody may read: those of the directory, of each territory
// down to the préfecture, and of each structure with the day on which it changed.
func (a *App) sitemap(r *web.Request) (web.Response, error) {
	var s sitemap
	for _, path := range append([]string{"/", "/activites"}, a.Directory.PublicPages()...) {
		s.Pages = append(s.Pages, mapped{Address: a.site() + path})
	}
	asked := page.Request{Cursor: page.Cursor{From: 1}, Limit: page.Max}
	for {
		found, err := a.Directory.List(r.Context(), access.Nobody, directory.Filter{}, asked)
		if err != nil {
			return web.Response{}, err
		}
		for _, l := range found.Rows {
			s.Pages = append(s.Pages, mapped{a.site() + "/structures/" + l.Slug, l.Updated.UTC().Format("2006-01-02")})
		}
		if found.Next == "" {
			break
		}
		if asked, err = page.Parse(found.Next, page.Max); err != nil {
			return web.Response{}, err
		}
	}
	body, err := xml.Marshal(s)
	return web.Bytes("application/xml; charset=utf-8", append([]byte(xml.Header), body...)), err
}
