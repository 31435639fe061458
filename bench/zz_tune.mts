import { readFileSync, existsSync } from 'node:fs';
import { readPublishedTask, PUBLISHED_TASKS, readOnlineRetail, shiftToValidation } from './support/dataSets.ts';
import { scoreSet } from './support/score.ts';
import { planRows } from '../src/forecasting/validationWindows.ts';
import { findSeasonLength } from '../src/forecasting/seasonLength.ts';
import { CLASSICAL_MEMBERS } from '../src/forecasting/classicalMembers.ts';
import { STANDARD_LEVELS as L } from '../src/forecasting/member.ts';
import { combineForecasts } from '../src/forecasting/combine.ts';
import { prepareHistory, clipForecast, usableValues } from '../src/forecasting/history.ts';
import { fitIntervalScale, scaleIntervals } from '../src/forecasting/conformal.ts';
import { quantileLoss } from '../src/maths/pinball.ts';
const f='/work/shared/data'; const CAP=1200;
export const names=[...CLASSICAL_MEMBERS.map(m=>m.name),'network'];
export type Case={kind:string,prep:any,usable:Float64Array,final:any[],windows:any[],scale:number};
export function load(only?:string[]){ const out:any[]=[];
 for (const s0 of [...PUBLISHED_TASKS.map(t=>readPublishedTask(f,t)),...readOnlineRetail(f)]) for(const w of [1,2]){ if(only&&!only.includes(s0.name))continue; let s=shiftToValidation(s0,w);
 const hist=s.series.map(x=>({values:x.train,seasonLength:findSeasonLength(s.frequency,x.train.length)}));
 const rows=planRows(hist,s.horizon); const H=s.horizon; const file=`/tmp/net_${s.name}_${w}.bin`; const b=readFileSync(file); const net=new Float64Array(b.buffer.slice(b.byteOffset,b.byteOffset+b.length));
 const stride=Math.max(1,Math.floor(s.series.length/CAP)); const keep=(i:number)=>i%stride===0;
 const cases:Record<number,Case>={};
 rows.forEach((r,ri)=>{ if(!keep(r.owner))return; const h=hist[r.owner]; if(!cases[r.owner]){const prep=prepareHistory(h);const sz=prep.values.reduce((a,v)=>a+Math.abs(v),0)/prep.values.length;cases[r.owner]={kind:prep.zeroShare>.3?'intermittent':'smooth',prep,usable:usableValues(h),final:[],windows:[],scale:sz>0?sz:1};}
  const c=cases[r.owner]; const len=r.window?.length??H; const fc=CLASSICAL_MEMBERS.map(m=>m.predict(r.history,len,L)); const o=ri*H*10; fc.push({horizon:len,levels:L,quantiles:net.subarray(o,o+len*9),mean:net.subarray(o+H*9,o+H*9+len)});
  if(!r.window)c.final=fc; else c.windows.push({actual:c.usable.subarray(r.window.cut,r.window.cut+len),forecasts:fc,scale:c.scale}); });
 const series=s.series.filter((_,i)=>keep(i)); out.push({set:{...s,series},w,cases:s.series.map((_,i)=>cases[i]).filter((_,i)=>keep(i))}); }
 return out; }
export function score(d:any,fcs:any[]){return scoreSet(d.set,fcs);}
export {combineForecasts,clipForecast,scaleIntervals,fitIntervalScale,quantileLoss};
