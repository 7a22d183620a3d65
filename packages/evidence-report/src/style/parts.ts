// SPDX-License-Identifier: Apache-2.0

/** The parts of a page, from its head to its files. */
export const PARTS = `
.mast{display:grid;gap:1rem 4rem}
.mast .pairs{align-self:end}
.verdict{display:flex;gap:.875rem;margin-top:1.25rem;font-size:1.125rem;line-height:1.45}
.verdict strong{display:block;font-size:1.8125rem;line-height:1.2;color:var(--tone)}
.verdict .mark{width:2.5rem;height:2.5rem;margin:.0625rem 0 0}
.strip{display:flex;flex-wrap:wrap;gap:.375rem .875rem;width:fit-content;margin-top:1rem}
.strip span{display:flex;gap:.25rem}
.strip .mark{width:1.375rem;height:1.375rem;margin:0}
.values{display:grid;margin-top:1.75rem;border-block:1px solid var(--frame)}
.values a{display:grid;grid-template-columns:5.5rem minmax(0,1fr);column-gap:.5rem;height:100%;padding:.625rem 0;color:inherit;text-decoration:none}
.values a:hover .of{text-decoration-thickness:2px}
.values li+li{border-top:1px solid var(--rule)}
.of{font-size:.875rem;color:var(--link);text-decoration:underline 1px;text-underline-offset:.18em}
.values strong{font-size:1.1875rem;font-weight:650;line-height:1.3}
.why{grid-column:2;font-size:.875rem;line-height:1.4;color:var(--quiet)}
.claims{max-width:62rem;margin-top:1rem;font-size:.9375rem}
nav{margin-top:1.75rem}
nav h2{font-size:.9375rem;font-weight:650;letter-spacing:0}
nav ul{display:flex;flex-wrap:wrap;gap:0 1.25rem}
nav a{display:inline-block;padding:.25rem 0;text-decoration:none}
nav a:hover{text-decoration:underline}
nav p{margin-top:.75rem;font-size:.875rem}
section{margin-top:3.25rem;padding-top:1.375rem;border-top:1px solid var(--frame)}
.left{margin-top:1.5rem;padding:.75rem 1rem;background:var(--shade);border-left:3px solid var(--wait)}
.stops{display:grid;gap:1.25rem 2.5rem}
.stops li{display:grid;gap:.375rem;align-content:start;padding-left:1rem;border-left:3px solid var(--tone)}
.stops+p.after{margin-top:1.25rem}
.small+.stops{margin-top:.75rem}
.stops p{max-width:46rem}
.stops h4 a{color:inherit}
.cards h3{margin-top:0}
.cards article{margin-bottom:1.5rem}
.pairs+p{margin-top:.625rem}
.case .fold{margin:-.375rem 0}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:0 3rem}
.chain{display:none;width:100%;height:auto;margin:.5rem 0}
.chain text{font-size:13px;font-weight:600;fill:var(--text)}
.chain .head{fill:var(--quiet)}
.chain .below{font-size:12px;font-weight:400;fill:var(--quiet)}
.chain .sum-line{font-family:ui-monospace,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace}
.chain rect{fill:var(--paper);stroke:var(--frame);stroke-width:1.25}
.chain use{color:var(--tone)}
.chain .bad rect{fill:var(--blush);stroke:var(--no);stroke-width:2}
.chain .bad .below{fill:var(--no);font-weight:600}
.chain :is(.todo,.unknown) rect{stroke:var(--wait);stroke-dasharray:5 4}
.chain a:is(:hover,:focus-visible) rect{stroke:var(--link);stroke-width:3}
.chain a:focus-visible{outline:none}
.chain path{fill:none;stroke-width:1.5}
.chain .same{stroke:var(--frame)}
.chain .unchecked{stroke:var(--frame);stroke-width:2;stroke-dasharray:1 5;stroke-linecap:round}
.chain :is(.differs,.cross){stroke:var(--no);stroke-width:2}
.chain .differs{stroke-dasharray:6 4}
.chain .cross{stroke-width:3}
.chain .torn{fill:var(--no);text-anchor:middle;paint-order:stroke;stroke:var(--paper);stroke-width:4px}
.rail>li{position:relative;padding:0 0 1.25rem 1.625rem;margin-left:.4375rem;border-left:2px solid var(--rule)}
.rail>li:last-child{border-color:transparent;padding-bottom:0}
.rail>li::before{content:"";position:absolute;left:-.4375rem;top:.3125rem;width:.75rem;height:.75rem;border:2px solid var(--frame);border-radius:50%;background:var(--paper)}
.rail h3{margin:0 0 .25rem}
.rail li li{padding:.1875rem 0}
.words{display:grid;gap:.25rem;font-size:.9375rem}
.fields b{white-space:nowrap}
.fields li{display:grid;grid-template-columns:7.25rem minmax(0,1fr);gap:.125rem .75rem;padding:.5625rem 0;border-bottom:1px solid var(--rule)}
.fields div{grid-column:2;min-width:0}
.key{display:block;font-size:.8125rem;color:var(--quiet)}
table{width:100%;border-collapse:collapse;font-size:.9375rem}
caption{padding-bottom:.5rem;text-align:left}
th,td{padding:.4375rem .875rem .4375rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
thead :is(th,td){font-weight:600;vertical-align:bottom;border-color:var(--frame)}
tbody th{font-weight:400}
.matrix{width:auto;min-width:min(100%,34rem)}
.matrix td{font-variant-numeric:tabular-nums}
.matrix td a{display:block;color:inherit;text-decoration:none}
.matrix td a:hover{text-decoration:underline}
.matrix .bad{background:var(--blush)}
.matrix .bad a{font-weight:650;color:var(--no)}
.matrix .bad .mark{margin-left:.25rem}
.case{display:grid;gap:.75rem;margin:1.75rem 0;padding:1rem 1.125rem 1.125rem;border:1px solid var(--no);border-radius:6px}
.case>*{min-width:0}
.case h3{margin:0}
.case .log{border-color:var(--no)}
.bar{display:block;width:100%;height:.75rem;background:var(--shade);border-radius:2px}
.big .bar{height:1.5rem}
.bar rect{height:100%;forced-color-adjust:none}
rect.ph-firmware,.ph-firmware::before{fill:var(--ph-firmware);background:var(--ph-firmware)}
rect.ph-loader,.ph-loader::before{fill:var(--ph-loader);background:var(--ph-loader)}
rect.ph-kernel,.ph-kernel::before{fill:var(--ph-kernel);background:var(--ph-kernel)}
rect.ph-init,.ph-init::before{fill:var(--ph-init);background:var(--ph-init)}
rect.ph-unrecorded,.ph-unrecorded::before{fill:var(--rule);background:var(--rule)}
rect.ph-unrecorded{stroke:var(--frame);stroke-dasharray:3 3}
.ph-unrecorded::before{border:1px dashed var(--frame)}
rect.ph-end,.ph-end::before{fill:var(--text);background:var(--text)}
rect.ph-fail,.ph-fail::before{fill:var(--no);background:var(--no)}
.phases{display:flex;flex-wrap:wrap;gap:.125rem 1.25rem;font-size:.9375rem}
.phases li::before{content:"";display:inline-block;width:.75rem;height:.75rem;margin-right:.4375rem;border-radius:2px;vertical-align:-.0625rem;print-color-adjust:exact;forced-color-adjust:none}
.phases :is(.ph-end,.ph-fail)::before{width:.25rem;border-radius:0}
.axis{display:flex;justify-content:space-between;font-size:.8125rem;color:var(--quiet);font-variant-numeric:tabular-nums}
.boots>li{border-bottom:1px solid var(--rule)}
.row{display:grid;grid-template-columns:6.75rem minmax(0,1fr) 4.25rem;gap:.25rem .75rem;align-items:center;padding:.4375rem 0;color:inherit;text-decoration:none}
.row :is(.bar,.axis){grid-area:2/1/3/-1}
.row>:is(b){font-weight:500}
a.row>b{font-weight:650}
.row:is(a,summary):hover{background:var(--shade)}
.time{text-align:right;font-variant-numeric:tabular-nums}
summary.row{list-style:none}
summary.row::-webkit-details-marker{display:none}
summary.row>span:first-of-type::after{content:" +";content:" +" / "";color:var(--link)}
[open]>summary.row>span:first-of-type::after{content:" \\2212";content:" \\2212" / ""}
.inside{display:grid;gap:.625rem;padding:.25rem 0 1.125rem}
.inside>*{min-width:0}
.licences{max-width:46rem;margin-top:1rem}
.licences :is(th,td):nth-child(2){width:6rem;text-align:right}
.licences td:last-child{width:45%;vertical-align:middle;padding-right:0}
.steps{margin-top:.75rem;counter-reset:step;display:grid;gap:1rem}
.steps>li{counter-increment:step}
.steps>li::before{content:counter(step) ". ";font-weight:600}
.groups{font-variant-numeric:tabular-nums}
.groups .number{text-align:right;white-space:nowrap}
.short{font-size:.9375rem}
.short li{padding:.25rem 0;border-bottom:1px solid var(--rule)}
.files .note{font-size:.875rem;color:var(--quiet)}
.files :is(th,td){padding-block:.3125rem}
.files td:nth-child(3){white-space:nowrap}
footer{margin-top:3.5rem;padding-top:1.125rem;border-top:1px solid var(--frame)}
footer p{max-width:52rem}
footer p+p,footer pre+p{margin-top:.5rem}
`;
