// SPDX-License-Identifier: Apache-2.0

/** Type, links, states, digests, commands and logs. */
export const TEXT = `
*,::before,::after{box-sizing:border-box}
h1,h2,h3,h4,p,ul,ol,dl,dd,pre,figure{margin:0;padding:0}
ul,ol{list-style:none}
[hidden]{display:none!important}
html{scroll-padding-top:1.25rem;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;overflow-wrap:anywhere}
h1{font-size:2.125rem;font-weight:650;line-height:1.15;letter-spacing:-.012em}
h2{font-size:1.5rem;font-weight:650;line-height:1.25;letter-spacing:-.006em}
h3{scroll-margin-top:1rem;font-size:1.0625rem;font-weight:650;line-height:1.4;margin:1.75rem 0 .625rem}
h4{font-size:1rem;font-weight:600;line-height:1.4}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:.18em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
main:focus{outline:none}
:target{background:var(--shade);box-shadow:0 0 0 .375rem var(--shade)}
section:target,main:target{background:none;box-shadow:none}
code,pre{font:.8438em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace}
strong{font-weight:650}
.small,caption,figcaption,footer{font-size:.875rem}
.quiet,.lead,caption,figcaption,footer{color:var(--quiet)}
.lead{max-width:46rem;margin:.375rem 0 1.25rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:1rem;top:-5rem;padding:.5rem .75rem;background:var(--paper);z-index:2}
.skip:focus{top:.5rem}
.defs{position:absolute}
.mark{width:1.0625em;height:1.0625em;vertical-align:-.17em;margin-right:.4em;flex:none;overflow:visible}
.good{--tone:var(--yes)}.bad{--tone:var(--no)}.todo,.unknown{--tone:var(--wait)}.refused{--tone:var(--yes)}
.mark,b,h3:is(.good,.bad,.todo,.unknown){color:var(--tone)}
b{font-weight:600}
.sum{display:inline-block;max-width:13.2ch;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;vertical-align:-.405em;user-select:all;color:var(--quiet)}
.pairs .sum{max-width:min(13.2ch,100%)}
body:has(#whole:checked) .sum{display:inline;max-width:none;white-space:normal;overflow-wrap:anywhere}
.run,.log{padding:.5625rem .75rem;white-space:pre-wrap;background:var(--shade);border-radius:5px}
.run{position:relative;border:1px solid var(--rule);margin-top:.375rem}
.run span{display:inline-block;max-width:100%;white-space:pre-wrap}
.run:has(button){padding-right:4.5rem}
.log{border-left:3px solid var(--frame);border-radius:0 5px 5px 0}
.log strong{color:var(--no)}
button{position:absolute;top:.375rem;right:.375rem;min-width:3.5rem;min-height:1.625rem;padding:0 .5rem;font:.8125rem/1.4 system-ui,sans-serif;color:var(--link);background:var(--paper);border:1px solid var(--frame);border-radius:5px;cursor:pointer}
button:hover{background:var(--shade)}
input[type=search]{width:min(100%,19rem);padding:.3125rem .625rem;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--frame);border-radius:5px}
input[type=checkbox]{width:1rem;height:1rem;margin:0 .25rem 0 0;vertical-align:-.125rem;accent-color:var(--link)}
.find{display:flex;flex-wrap:wrap;align-items:center;gap:.375rem .75rem;margin:.875rem 0}
.said{position:fixed;left:50%;bottom:1rem;transform:translateX(-50%);padding:.375rem .875rem;color:var(--paper);background:var(--text);border-radius:5px}
.said:empty{visibility:hidden}
summary{padding:.4375rem 0;cursor:pointer}
.fold>summary{width:fit-content;font-weight:600;color:var(--link)}
.fold>summary:hover{text-decoration:underline}
.pairs{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.1875rem 1.25rem;font-size:.9375rem;align-content:start}
.pairs dt{color:var(--quiet)}
figure{max-width:40rem}
img{display:block;max-width:100%;height:auto;border:1px solid var(--rule);border-radius:3px}
figcaption{margin-top:.25rem}
.onpaper{display:none}
`;
