(()=>{var e=document.documentElement;if(!("signedIn"in e.dataset)){let t=localStorage.getItem("theme");(t==="light"||t==="dark")&&(e.dataset.theme=t)}})();
