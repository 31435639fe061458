import {load,names,score,combineForecasts,clipForecast,scaleIntervals,fitIntervalScale,quantileLoss} from './zz_tune.mts';
import { fitGroupWeights } from '../src/forecasting/ensembleWeights.ts';
import { DEFAULT_INTERVAL_SCALES } from '../src/forecasting/conformal.ts';
const data=load();
const norm=(a:number[])=>{const t=a.reduce((x,y)=>x+y,0);return Float64Array.from(a,x=>x/t)};
//            sn   th   log  es   damp tsb  win  net
const PRI:any={smooth:norm([.02,.22,.2,.08,.15,.01,.01,.35]),erratic:norm([.0,.05,.05,.05,.02,.28,.3,.3]),intermittent:norm([0,0,0,0,0,.36,.36,.28])};
function erratic(c:any,m:number){const v=c.prep.values;const dl=(l:number)=>{let d=0,k=0;for(let t=l;t<v.length;t++){d+=Math.abs(v[t]-v[t-l]);k++}return k?d/k:Infinity};let mm=0;for(const x of v)mm+=Math.abs(x)/v.length;return c.prep.nonNegative&&Math.min(dl(1),dl(m))/mm>.5}
for(const d of data)for(const c of d.cases){if(c.kind==='smooth'&&erratic(c,d.set.seasonLength))c.kind='erratic';}
for(const d of data)console.log(d.set.name,d.w,['intermittent','erratic','smooth'].map(k=>d.cases.filter((c:any)=>c.kind===k).length).join(' '));
function group(windows:any[],prior:Float64Array,o:any){ if(o.group===0||!windows.length)return prior.slice(); const ws=windows.map(x=>({...x,scale:Math.pow(x.scale,o.pow??1)})); return fitGroupWeights(ws,prior,o.n0);}
function seriesW(ws:any[],g:Float64Array,o:any){const losses=new Float64Array(g.length);let n=0;for(const w of ws)for(let h=0;h<w.actual.length;h++){const y=w.actual[h];if(Number.isNaN(y))continue;n++;for(let i=0;i<g.length;i++){const f=w.forecasts[i];for(let k=0;k<9;k++)losses[i]+=quantileLoss(y,f.quantiles[h*9+k],f.levels[k]);}}
 const min=Math.min(...losses);if(!n||!(min>0)||o.k===0)return g.slice();const p=(o.k??1)*n/(n+(o.half??24));return norm(Array.from(g,(w,i)=>w*Math.pow(losses[i]/min,-p)));}
function run(d:any,o:any){const out=new Array(d.cases.length);for(let b=0;b<d.cases.length;b+=400){const cs=d.cases.slice(b,b+400);
 for(const kind of ['intermittent','erratic','smooth']){const g=cs.filter((c:any)=>c.kind===kind);const gw=group(g.flatMap((c:any)=>c.windows),o.prior?.[kind]??PRI[kind],o);const cal:any[]=[];
  for(const c of g){c.w=seriesW(c.windows,gw,kind==='intermittent'?{k:o.kI??o.k,half:o.half}:o);for(const w of c.windows)cal.push({actual:w.actual,forecast:combineForecasts(w.forecasts,c.w)});}
  const s=o.conf===0?1:fitIntervalScale(cal,kind==='smooth'?DEFAULT_INTERVAL_SCALES.smooth:(DEFAULT_INTERVAL_SCALES as any)[o.erS&&kind==='erratic'?'smooth':'intermittent']);
  for(const c of g)c.s=s;}
 cs.forEach((c:any,i:number)=>{let f=clipForecast(scaleIntervals(combineForecasts(c.final,c.w),c.s),c.prep.nonNegative); if(o.snap&&c.kind!=='smooth'){const q=f.quantiles;for(let j=0;j<q.length;j++)if(q[j]<o.snap)q[j]=0;}out[b+i]=f;});}
 return score(d,out);}
const vars:Record<string,any>=JSON.parse(process.argv[2]??'{"base":{}}');
for(const d of data){let line=`${d.set.name} w${d.w}`.padEnd(25);for(const [k,o] of Object.entries(vars)){const s=run(d,o);line+=` | ${k} ${s.wql.toFixed(4)} ${s.mase.toFixed(3)} ${s.coverage80.toFixed(2)}`;(o.tot??=[]).push(Math.log(s.wql));(o.totm??=[]).push(Number.isNaN(s.mase)?0:Math.log(s.mase));}console.log(line);}
for(const [k,o] of Object.entries(vars))console.log(k,'geo wql',Math.exp(o.tot.reduce((a:number,b:number)=>a+b,0)/o.tot.length).toFixed(5),'mase',Math.exp(o.totm.reduce((a:number,b:number)=>a+b,0)/o.totm.length).toFixed(4));
