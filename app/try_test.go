package app_test
import ("testing";"time")
func TestTry(t *testing.T){
 start:=time.Now()
 w:=open(t,"sqlite:"+t.TempDir()+"/a.db")
 t.Log("open",time.Since(start)); start=time.Now()
 s:=w.sow(t)
 t.Log("sow",len(s),time.Since(start)); start=time.Now()
 o:=w.read(t)
 t.Log("read",len(o.records),time.Since(start)); start=time.Now()
 for _,p:=range w.personas { t.Log(p.name,p.slug,len(o.secrets(p.id))) }
 p:=w.by["focal@cndh.example by cookie"]
 for _,u:=range []string{"/faits/"+s[0].id,"/faits/"+s[10].id,"/api/v1/missions","/structures/cnad","/recherche?q="+s[3].title(),"/","/structures"} {
  start=time.Now()
  var a answer
  for range 20 { a=w.ask(t,p,request{method:"GET",path:u}) }
  t.Log(u,a.status,len(a.body),time.Since(start)/20)
 }
}
