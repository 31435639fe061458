import {load,names,score,combineForecasts,clipForecast} from './zz_tune.mts';
const data=load();
for(const d of data){ let line=`${d.set.name} w${d.w} n=${d.cases.length} interm ${(d.cases.filter((c:any)=>c.kind==='intermittent').length/d.cases.length).toFixed(2)}`;
 names.forEach((n,j)=>{const sc=score(d,d.cases.map((c:any)=>c.final[j]));line+=`\n   ${n.padEnd(20)} ${sc.wql.toFixed(4)} ${sc.mase.toFixed(3)} ${sc.coverage80.toFixed(3)}`;});
 const W:any={ 'tsb,win,net':[0,0,0,0,0,1,1,1], 'win,net':[0,0,0,0,0,0,1,1],'theta,log,net':[0,1,1,0,0,0,0,1],'th,log,damp,net2':[0,1,1,0,1,0,0,2],'th,log,es,damp,net':[0,1,1,1,1,0,0,1],'th,log,es,damp':[0,1,1,1,1,0,0,0]};
 for(const [k,v] of Object.entries(W)){const a=v as number[];const t=a.reduce((x,y)=>x+y,0);const w=Float64Array.from(a,x=>x/t);const sc=score(d,d.cases.map((c:any)=>clipForecast(combineForecasts(c.final,w),c.prep.nonNegative)));line+=`\n   > ${k.padEnd(18)} ${sc.wql.toFixed(4)} ${sc.mase.toFixed(3)} ${sc.coverage80.toFixed(3)}`;}
 console.log(line);}
