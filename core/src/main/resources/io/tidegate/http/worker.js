// Tidegate, Apache-2.0. Sources: core/src/main/browser
'use strict';
(() => {
const SIMD = 'AGFzbQEAAAABDgJgAAF/YAV/f39/fwF/AwMCAAEEBQFwAQEBBQQBAQEBBgcBfwFBwCoLBxsDBm1lbW9yeQIABWJsb2NrAAAGc2VhcmNoAAEK7zMCCABBgIqAgAAL4zMCD388eyOAgICAAEEgayEFQQBByAI2AryKgIAAQQBBgICABDYCqIqAgABBACAANgKgioCAAEGZmoPfBSEGQf+kuYgFIQdBq7OP/AEhCEGM0ZXYeSEJQefMp9AGIQpBhd2e23shC0Hy5rvjAyEMQbrqv6p6IQ1BXCEOA0AgCiIPIAsiEHIgDCIRcSAPIBBxciAPQR53IA9BE3dzIA9BCndzaiAIIhIgEiAJIghzIAciE3FzIAZqIBNBGncgE0EVd3MgE0EHd3NqIA5BpIiAgABqKAIAaiAOQaSKgIAAaigCAGoiB2ohCiAHIA1qIQcgESENIBAhDCAPIQsgEyEJIBIhBiAOQQRqIg4NAAtBfyEOAkAgAkUNACAKIA9yIBBxIAogD3FyIApBHncgCkETd3MgCkEKd3NqIQYgCCATcyAHcSAIcyASaiAHQRp3IAdBFXdzIAdBB3dzakGBto2UAWohCSAI/RH9DL6FsSS+hbElvoWxJr6FsSf9rgEhFCAH/REiFf0MdF2+cnRdvnJ0Xb5ydF2+cv2uASEWIBP9ESIX/QzDfQxVw30MVcN9DFXDfQxV/a4BIRggCv0RIhkgD/0RIhr9USEbIBUgF/1RIRxBACEHQQD9AASwioCAACAe/Q0AAQIDAAECAwABAgMAAQIDIR1BAP0AAqyKgIAAIB79DQABAgMAAQIDAAECAwABAgMhH0EA/QACnIqAgAAgHv0NAAECAwABAgMAAQIDAAECAyEgQQD9AAOYioCAACAe/Q0AAQIDAAECAwABAgMAAQIDISFBAP0AApSKgIAAIB79DQABAgMAAQIDAAECAwABAgMhIkEA/QAEkIqAgAAgHv0NAAECAwABAgMAAQIDAAECAyEjQQD9AAKMioCAACAe/Q0AAQIDAAECAwABAgMAAQIDISRBAP0AA4iKgIAAIB79DQABAgMAAQIDAAECAwABAgMhJUEA/QAChIqAgAAgHv0NAAECAwABAgMAAQIDAAECAyEmQQD9AASAioCAACAe/Q0AAQIDAAECAwABAgMAAQIDIScgEP0RIShBAP0JAriKgIAAISlBAP0JArSKgIAAISogAP0RISsgA/0RISxBACEIA0AgFCAJIAggAWoiCmoiDyARav0RIi0gHP1OIBf9Uf2uASAtQRr9qwEgLUEG/a0B/VAgLUEV/asBIC1BC/2tAf1Q/VEgLUEH/asBIC1BGf2tAf1Q/VH9rgEhLiAGIA9q/REiLyAZ/VEiMCAb/U4gGf1RIC9BHv2rASAvQQL9rQH9UCAvQRP9qwEgL0EN/a0B/VD9USAvQQr9qwEgL0EW/a0B/VD9Uf2uASExIC39DP6x3oD+sd6A/rHegP6x3oD9rgEhMiAtIBX9USEzIAr9ESE0IAchEkEAIRADQCAxIC4gEEEYdP0RIjX9rgEiHv2uASI2QR79qwEgNkEC/a0B/VAgNkET/asBIDZBDf2tAf1Q/VEgNkEK/asBIDZBFv2tAf1Q/VEgNiAv/VEiNyAw/U4gL/1R/a4BIBggHiAo/a4BIh4gM/1OIBX9Uf2uASAeQRr9qwEgHkEG/a0B/VAgHkEV/asBIB5BC/2tAf1Q/VEgHkEH/asBIB5BGf2tAf1Q/VH9rgEiOP2uASI5QR79qwEgOUEC/a0B/VAgOUET/asBIDlBDf2tAf1Q/VEgOUEK/asBIDlBFv2tAf1Q/VEgOSA2/VEiOiA3/U4gNv1R/a4BIBYgOCAa/a4BIjcgHiAt/VH9TiAt/VH9rgEgN0Ea/asBIDdBBv2tAf1QIDdBFf2rASA3QQv9rQH9UP1RIDdBB/2rASA3QRn9rQH9UP1R/a4BIjj9rgEiO0Ee/asBIDtBAv2tAf1QIDtBE/2rASA7QQ39rQH9UP1RIDtBCv2rASA7QRb9rQH9UP1RIDsgOf1RIjwgOv1OIDn9Uf2uASAyIDggGf2uASI9IDcgHv1R/U4gHv1R/a4BID1BGv2rASA9QQb9rQH9UCA9QRX9qwEgPUEL/a0B/VD9USA9QQf9qwEgPUEZ/a0B/VD9Uf2uASI4/a4BIj5BHv2rASA+QQL9rQH9UCA+QRP9qwEgPkEN/a0B/VD9USA+QQr9qwEgPkEW/a0B/VD9USA+IDv9USI6IDz9TiA7/VH9rgEgHiA4IC/9rgEiPyA9IDf9Uf1OIDf9Uf2uASA/QRr9qwEgP0EG/a0B/VAgP0EV/asBID9BC/2tAf1Q/VEgP0EH/asBID9BGf2tAf1Q/VH9rgH9DKcG3JunBtybpwbcm6cG3Jv9rgEiHv2uASJAQR79qwEgQEEC/a0B/VAgQEET/asBIEBBDf2tAf1Q/VEgQEEK/asBIEBBFv2tAf1Q/VEgQCA+/VEgOv1OID79Uf2uASA3IB4gNv2uASJBID8gPf1R/U4gPf1R/a4BIEFBGv2rASBBQQb9rQH9UCBBQRX9qwEgQUEL/a0B/VD9USBBQQf9qwEgQUEZ/a0B/VD9Uf2uAf0MvPKbwbzym8G88pvBvPKbwf2uASIe/a4BIUIgHiA5/a4BIUMgNf0MAACAAAAAgAEAAIACAACAA/1QIR79DEgBAABIAQAASAEAAEgBAAAhN0EAIRNB/IiAgAAhDyAmITYgNCE5ICkhNSAnITggJSE6ICQhPCAfIUQgIyFFIB0hRiAiIUcgKiFIICEhSSAgIUogKyFLA0AgQiBA/VEiTCBAID79Uf1OIED9USBCQR79qwEgQkEC/a0B/VAgQkET/asBIEJBDf2tAf1Q/VEgQkEK/asBIEJBFv2tAf1Q/VH9rgEgPSBDQRr9qwEgQ0EG/a0B/VAgQ0EV/asBIENBC/2tAf1Q/VEgQ0EH/asBIENBGf2tAf1Q/VH9rgEgPyBB/VEgQ/1OID/9Uf2uASA2QRn9qwEgNkEH/a0B/VAgNkEO/asBIDZBEv2tAf1Q/VEgNkED/a0B/VEgOf2uASA4/a4BIDVBD/2rASA1QRH9rQH9UCA1QQ39qwEgNUET/a0B/VD9USA1QQr9rQH9Uf2uASI4/a4BIA9BRGr9CQIA/a4BIj39rgEiTUEe/asBIE1BAv2tAf1QIE1BE/2rASBNQQ39rQH9UP1RIE1BCv2rASBNQRb9rQH9UP1RIE0gQv1RIk4gTP1OIEL9Uf2uASAeIDb9rgEgOkEZ/asBIDpBB/2tAf1QIDpBDv2rASA6QRL9rQH9UP1RIDpBA/2tAf1R/a4BIDdBD/2rASA3QRH9rQH9UCA3QQ39qwEgN0ET/a0B/VD9USA3QQr9rQH9Uf2uASI2ID/9rgEgD0FIav0JAgD9rgEgPSA7/a4BIj0gQyBB/VH9TiBB/VH9rgEgPUEa/asBID1BBv2tAf1QID1BFf2rASA9QQv9rQH9UP1RID1BB/2rASA9QRn9rQH9UP1R/a4BIjv9rgEiP0Ee/asBID9BAv2tAf1QID9BE/2rASA/QQ39rQH9UP1RID9BCv2rASA/QRb9rQH9UP1RID8gTf1RIkwgTv1OIE39Uf2uASBEIDr9rgEgOEEP/asBIDhBEf2tAf1QIDhBDf2rASA4QRP9rQH9UP1RIDhBCv2tAf1R/a4BIDxBGf2rASA8QQf9rQH9UCA8QQ79qwEgPEES/a0B/VD9USA8QQP9rQH9Uf2uASI6IEH9rgEgD0FMav0JAgD9rgEgOyA+/a4BIj4gPSBD/VH9TiBD/VH9rgEgPkEa/asBID5BBv2tAf1QID5BFf2rASA+QQv9rQH9UP1RID5BB/2rASA+QRn9rQH9UP1R/a4BIjv9rgEiQUEe/asBIEFBAv2tAf1QIEFBE/2rASBBQQ39rQH9UP1RIEFBCv2rASBBQRb9rQH9UP1RIEEgP/1RIk4gTP1OID/9Uf2uASBGIDz9rgEgRUEZ/asBIEVBB/2tAf1QIEVBDv2rASBFQRL9rQH9UP1RIEVBA/2tAf1R/a4BIDZBD/2rASA2QRH9rQH9UCA2QQ39qwEgNkET/a0B/VD9USA2QQr9rQH9Uf2uASI8IEP9rgEgD0FQav0JAgD9rgEgOyBA/a4BIkMgPiA9/VH9TiA9/VH9rgEgQ0Ea/asBIENBBv2tAf1QIENBFf2rASBDQQv9rQH9UP1RIENBB/2rASBDQRn9rQH9UP1R/a4BIkD9rgEiO0Ee/asBIDtBAv2tAf1QIDtBE/2rASA7QQ39rQH9UP1RIDtBCv2rASA7QRb9rQH9UP1RIDsgQf1RIkwgTv1OIEH9Uf2uASA9IEggRf2uASBHQRn9qwEgR0EH/a0B/VAgR0EO/asBIEdBEv2tAf1Q/VEgR0ED/a0B/VH9rgEgOkEP/asBIDpBEf2tAf1QIDpBDf2rASA6QRP9rQH9UP1RIDpBCv2tAf1R/a4BIkX9rgEgD0FUav0JAgD9rgEgQCBC/a4BIkAgQyA+/VH9TiA+/VH9rgEgQEEa/asBIEBBBv2tAf1QIEBBFf2rASBAQQv9rQH9UP1RIEBBB/2rASBAQRn9rQH9UP1R/a4BIj39rgEiQkEe/asBIEJBAv2tAf1QIEJBE/2rASBCQQ39rQH9UP1RIEJBCv2rASBCQRb9rQH9UP1RIEIgO/1RIk4gTP1OIDv9Uf2uASAPQVhq/QkCACBHIDX9rgEgSUEZ/asBIElBB/2tAf1QIElBDv2rASBJQRL9rQH9UP1RIElBA/2tAf1R/a4BIDxBD/2rASA8QRH9rQH9UCA8QQ39qwEgPEET/a0B/VD9USA8QQr9rQH9Uf2uASJH/a4BID79rgEgPSBN/a4BIj0gQCBD/VH9TiBD/VH9rgEgPUEa/asBID1BBv2tAf1QID1BFf2rASA9QQv9rQH9UP1RID1BB/2rASA9QRn9rQH9UP1R/a4BIk39rgEiPkEe/asBID5BAv2tAf1QID5BE/2rASA+QQ39rQH9UP1RID5BCv2rASA+QRb9rQH9UP1RID4gQv1RIkwgTv1OIEL9Uf2uASAPQVxq/QkCACBJIDf9rgEgSkEZ/asBIEpBB/2tAf1QIEpBDv2rASBKQRL9rQH9UP1RIEpBA/2tAf1R/a4BIEVBD/2rASBFQRH9rQH9UCBFQQ39qwEgRUET/a0B/VD9USBFQQr9rQH9Uf2uASJJ/a4BIEP9rgEgTSA//a4BIkMgPSBA/VH9TiBA/VH9rgEgQ0Ea/asBIENBBv2tAf1QIENBFf2rASBDQQv9rQH9UP1RIENBB/2rASBDQRn9rQH9UP1R/a4BIk39rgEiP0Ee/asBID9BAv2tAf1QID9BE/2rASA/QQ39rQH9UP1RID9BCv2rASA/QRb9rQH9UP1RID8gPv1RIk4gTP1OID79Uf2uASAPQWBq/QkCACBKIDj9rgEgS0EZ/asBIEtBB/2tAf1QIEtBDv2rASBLQRL9rQH9UP1RIEtBA/2tAf1R/a4BIEdBD/2rASBHQRH9rQH9UCBHQQ39qwEgR0ET/a0B/VD9USBHQQr9rQH9Uf2uASJK/a4BIED9rgEgTSBB/a4BIkAgQyA9/VH9TiA9/VH9rgEgQEEa/asBIEBBBv2tAf1QIEBBFf2rASBAQQv9rQH9UP1RIEBBB/2rASBAQRn9rQH9UP1R/a4BIk39rgEiQUEe/asBIEFBAv2tAf1QIEFBE/2rASBBQQ39rQH9UP1RIEFBCv2rASBBQRb9rQH9UP1RIEEgP/1RIkwgTv1OID/9Uf2uASA2IDlBGf2rASA5QQf9rQH9UCA5QQ79qwEgOUES/a0B/VD9USA5QQP9rQH9Uf2uASBL/a4BIElBD/2rASBJQRH9rQH9UCBJQQ39qwEgSUET/a0B/VD9USBJQQr9rQH9Uf2uASJLIA9BZGr9CQIA/a4BID39rgEgTSA7/a4BIj0gQCBD/VH9TiBD/VH9rgEgPUEa/asBID1BBv2tAf1QID1BFf2rASA9QQv9rQH9UP1RID1BB/2rASA9QRn9rQH9UP1R/a4BIjv9rgEiTUEe/asBIE1BAv2tAf1QIE1BE/2rASBNQQ39rQH9UP1RIE1BCv2rASBNQRb9rQH9UP1RIE0gQf1RIk4gTP1OIEH9Uf2uASAeQRn9qwEgHkEH/a0B/VAgHkEO/asBIB5BEv2tAf1Q/VEgHkED/a0B/VEgOf2uASA6/a4BIEpBD/2rASBKQRH9rQH9UCBKQQ39qwEgSkET/a0B/VD9USBKQQr9rQH9Uf2uASI5IA9BaGr9CQIA/a4BIEP9rgEgOyBC/a4BIkMgPSBA/VH9TiBA/VH9rgEgQ0Ea/asBIENBBv2tAf1QIENBFf2rASBDQQv9rQH9UP1RIENBB/2rASBDQRn9rQH9UP1R/a4BIjv9rgEiQkEe/asBIEJBAv2tAf1QIEJBE/2rASBCQQ39rQH9UP1RIEJBCv2rASBCQRb9rQH9UP1RIEIgTf1RIk8gTv1OIE39Uf2uASBEQRn9qwEgREEH/a0B/VAgREEO/asBIERBEv2tAf1Q/VEgREED/a0B/VEgHv2uASA8/a4BIEtBD/2rASBLQRH9rQH9UCBLQQ39qwEgS0ET/a0B/VD9USBLQQr9rQH9Uf2uASIeIA9BbGr9CQIA/a4BIED9rgEgOyA+/a4BIkAgQyA9/VH9TiA9/VH9rgEgQEEa/asBIEBBBv2tAf1QIEBBFf2rASBAQQv9rQH9UP1RIEBBB/2rASBAQRn9rQH9UP1R/a4BIj79rgEiTEEe/asBIExBAv2tAf1QIExBE/2rASBMQQ39rQH9UP1RIExBCv2rASBMQRb9rQH9UP1RIEwgQv1RIjsgT/1OIEL9Uf2uASBGQRn9qwEgRkEH/a0B/VAgRkEO/asBIEZBEv2tAf1Q/VEgRkED/a0B/VEgRP2uASBF/a4BIDlBD/2rASA5QRH9rQH9UCA5QQ39qwEgOUET/a0B/VD9USA5QQr9rQH9Uf2uASJEIA9BcGr9CQIA/a4BID39rgEgPiA//a4BIj8gQCBD/VH9TiBD/VH9rgEgP0Ea/asBID9BBv2tAf1QID9BFf2rASA/QQv9rQH9UP1RID9BB/2rASA/QRn9rQH9UP1R/a4BIj39rgEiTkEe/asBIE5BAv2tAf1QIE5BE/2rASBOQQ39rQH9UP1RIE5BCv2rASBOQRb9rQH9UP1RIE4gTP1RIj4gO/1OIEz9Uf2uASBIQRn9qwEgSEEH/a0B/VAgSEEO/asBIEhBEv2tAf1Q/VEgSEED/a0B/VEgRv2uASBH/a4BIB5BD/2rASAeQRH9rQH9UCAeQQ39qwEgHkET/a0B/VD9USAeQQr9rQH9Uf2uASJGIA9BdGr9CQIA/a4BIEP9rgEgPSBB/a4BIkMgPyBA/VH9TiBA/VH9rgEgQ0Ea/asBIENBBv2tAf1QIENBFf2rASBDQQv9rQH9UP1RIENBB/2rASBDQRn9rQH9UP1R/a4BIj39rgEiO0Ee/asBIDtBAv2tAf1QIDtBE/2rASA7QQ39rQH9UP1RIDtBCv2rASA7QRb9rQH9UP1RIDsgTv1RIkEgPv1OIE79Uf2uASBIIDVBGf2rASA1QQf9rQH9UCA1QQ79qwEgNUES/a0B/VD9USA1QQP9rQH9Uf2uASBJ/a4BIERBD/2rASBEQRH9rQH9UCBEQQ39qwEgREET/a0B/VD9USBEQQr9rQH9Uf2uASJIIA9BeGr9CQIA/a4BIED9rgEgPSBN/a4BIj0gQyA//VH9TiA//VH9rgEgPUEa/asBID1BBv2tAf1QID1BFf2rASA9QQv9rQH9UP1RID1BB/2rASA9QRn9rQH9UP1R/a4BIkD9rgEiPkEe/asBID5BAv2tAf1QID5BE/2rASA+QQ39rQH9UP1RID5BCv2rASA+QRb9rQH9UP1RID4gO/1RIk0gQf1OIDv9Uf2uASA3QRn9qwEgN0EH/a0B/VAgN0EO/asBIDdBEv2tAf1Q/VEgN0ED/a0B/VEgNf2uASBK/a4BIEZBD/2rASBGQRH9rQH9UCBGQQ39qwEgRkET/a0B/VD9USBGQQr9rQH9Uf2uASI1IA9BfGr9CQIA/a4BID/9rgEgQCBC/a4BIj8gPSBD/VH9TiBD/VH9rgEgP0Ea/asBID9BBv2tAf1QID9BFf2rASA/QQv9rQH9UP1RID9BB/2rASA/QRn9rQH9UP1R/a4BIkH9rgEiQEEe/asBIEBBAv2tAf1QIEBBE/2rASBAQQ39rQH9UP1RIEBBCv2rASBAQRb9rQH9UP1RIEAgPv1RIE39TiA+/VH9rgEgOEEZ/asBIDhBB/2tAf1QIDhBDv2rASA4QRL9rQH9UP1RIDhBA/2tAf1RIDf9rgEgS/2uASBIQQ/9qwEgSEER/a0B/VAgSEEN/asBIEhBE/2tAf1Q/VEgSEEK/a0B/VH9rgEiNyAP/QkCAP2uASBD/a4BIEEgTP2uASJBID8gPf1R/U4gPf1R/a4BIEFBGv2rASBBQQb9rQH9UCBBQRX9qwEgQUEL/a0B/VD9USBBQQf9qwEgQUEZ/a0B/VD9Uf2uASJD/a4BIUIgQyBO/a4BIUMgD0HAAGohDyATQRBqIhNBMEkNAAsCQAJAIEL9DGfmCWpn5glqZ+YJamfmCWr9rgEiHiAs/T79U0UNAEEAIQ8DQCAFIB79CwQQIAVBEGogD0EDcUECdCIOcigCACITIANJDQIgBSBA/QsEAAJAIBMgA0cNACAFIA5yKAIAQYXdntt7aiAETQ0DCyAPQQFqIg9BBEcNAAsLAkAgEEH8AUkNACAHQYB+aiEHIAhBAWoiCCACRw0DQQAgCjYCpIqAgABBfw8LIBJBfGohEiAQQQRqIRAMAQsLC0EAIAo2AqSKgIAAIA8gEmshDgsgDgsLiAIBAEGACAuAApgvikKRRDdxz/vAtaXbtelbwlY58RHxWaSCP5LVXhyrmKoH2AFbgxK+hTEkw30MVXRdvnL+sd6Apwbcm3Txm8HBaZvkhke+78adwQ/MoQwkbyzpLaqEdErcqbBc2oj5dlJRPphtxjGoyCcDsMd/Wb/zC+DGR5Gn1VFjygZnKSkUhQq3JzghGy78bSxNEw04U1RzCmW7Cmp2LsnCgYUscpKh6L+iS2YaqHCLS8KjUWzHGeiS0SQGmdaFNQ70cKBqEBbBpBkIbDceTHdIJ7W8sDSzDBw5SqrYTk/KnFvzby5o7oKPdG9jpXgUeMiECALHjPr/vpDrbFCk96P5vvJ4ccY=';
const SCALAR = 'AGFzbQEAAAABDgJgAAF/YAV/f39/fwF/AwMCAAEEBQFwAQEBBQQBAQEBBgcBfwFBwCoLBxsDBm1lbW9yeQIABWJsb2NrAAAGc2VhcmNoAAEKoRkCCABBgIqAgAALlRkBQX9BAEHIAjYCvIqAgABBAEGAgIAENgKoioCAAEEAIAA2AqCKgIAAQZmag98FIQVB/6S5iAUhBkGrs4/8ASEHQYzRldh5IQhB58yn0AYhCUGF3Z7beyEKQfLmu+MDIQtBuuq/qnohDEFcIQ0DQCAJIg4gCiIPciALIhBxIA4gD3FyIA5BHncgDkETd3MgDkEKd3NqIAciESARIAgiB3MgBiIScXMgBWogEkEadyASQRV3cyASQQd3c2ogDUGkiICAAGooAgBqIA1BpIqAgABqKAIAaiIFaiEJIAUgDGohBiAQIQwgDyELIA4hCiASIQggESEFIA1BBGoiDQ0ACwJAAkAgAkUNACAJIA5yIA9xIAkgDnFyIAlBHncgCUETd3MgCUEKd3NqIRMgByAScyAGcSAHcyARaiAGQRp3IAZBFXdzIAZBB3dzakGBto2UAWohFCAHQb6LxqUCaiEVIAZB9Lr5lQdqIRYgEkHD+7GoBWohFyAJIA5zIRggBiAScyEZQQAhGkEAKAK4ioCAACEbQQAoArSKgIAAIRxBACgCsIqAgAAhHUEAKAKsioCAACEeQQAoApyKgIAAIR9BACgCmIqAgAAhIEEAKAKUioCAACEhQQAoApCKgIAAISJBACgCjIqAgAAhI0EAKAKIioCAACEkQQAoAoSKgIAAISVBACgCgIqAgAAhJgNAIBUgFCAaIAFqIidqIg0gEGoiKCAZcSASc2ogKEEadyAoQRV3cyAoQQd3c2ohKSATIA1qIiogCXMiKyAYcSAJcyAqQR53ICpBE3dzICpBCndzaiEsIChB/uP6hnhqIS0gKCAGcyEuQQAhLwNAICwgKSAvQRh0IghqIg1qIgdBHncgB0ETd3MgB0EKd3MgByAqcyIRICtxICpzaiAXIA0gD2oiDSAucSAGc2ogDUEadyANQRV3cyANQQd3c2oiCmoiBUEedyAFQRN3cyAFQQp3cyAFIAdzIgsgEXEgB3NqIBYgCiAOaiIRIA0gKHNxIChzaiARQRp3IBFBFXdzIBFBB3dzaiIKaiIwQR53IDBBE3dzIDBBCndzIDAgBXMiDCALcSAFc2ogLSAKIAlqIjEgESANc3EgDXNqIDFBGncgMUEVd3MgMUEHd3NqIgpqIjJBHncgMkETd3MgMkEKd3MgMiAwcyILIAxxIDBzaiANIAogKmoiMyAxIBFzcSARc2ogM0EadyAzQRV3cyAzQQd3c2pBp43w3nlqIg1qIjRBHncgNEETd3MgNEEKd3MgNCAycyALcSAyc2ogESANIAdqIjUgMyAxc3EgMXNqIDVBGncgNUEVd3MgNUEHd3NqQbzl74x8aiINaiE2IA0gBWohESAIQYCAgARyIQdByAIhBUEAITdB/IiAgAAhDSAlIQggJyEKIBshCyAmIQwgJCE4ICMhOSAeITogIiE7IB0hPCAhIT0gHCE+ICAhPyAfIUAgACFBA0AgNiA0cyJCIDQgMnNxIDRzIDZBHncgNkETd3MgNkEKd3NqIDEgEUEadyARQRV3cyARQQd3c2ogMyA1cyARcSAzc2ogCEEZdyAIQQ53cyAIQQN2cyAKaiAMaiALQQ93IAtBDXdzIAtBCnZzaiIMaiANQURqKAIAaiIxaiJDQR53IENBE3dzIENBCndzIEMgNnMiRCBCcSA2c2ogByAIaiA4QRl3IDhBDndzIDhBA3ZzaiAFQQ93IAVBDXdzIAVBCnZzaiIIIDNqIA1BSGooAgBqIDEgMGoiMSARIDVzcSA1c2ogMUEadyAxQRV3cyAxQQd3c2oiMGoiM0EedyAzQRN3cyAzQQp3cyAzIENzIkIgRHEgQ3NqIDogOGogDEEPdyAMQQ13cyAMQQp2c2ogOUEZdyA5QQ53cyA5QQN2c2oiOCA1aiANQUxqKAIAaiAwIDJqIjIgMSARc3EgEXNqIDJBGncgMkEVd3MgMkEHd3NqIjBqIjVBHncgNUETd3MgNUEKd3MgNSAzcyJEIEJxIDNzaiA8IDlqIDtBGXcgO0EOd3MgO0EDdnNqIAhBD3cgCEENd3MgCEEKdnNqIjkgEWogDUFQaigCAGogMCA0aiIRIDIgMXNxIDFzaiARQRp3IBFBFXdzIBFBB3dzaiIwaiI0QR53IDRBE3dzIDRBCndzIDQgNXMiQiBEcSA1c2ogMSA+IDtqID1BGXcgPUEOd3MgPUEDdnNqIDhBD3cgOEENd3MgOEEKdnNqIjtqIA1BVGooAgBqIDAgNmoiMSARIDJzcSAyc2ogMUEadyAxQRV3cyAxQQd3c2oiMGoiNkEedyA2QRN3cyA2QQp3cyA2IDRzIkQgQnEgNHNqIA1BWGooAgAgPSALaiA/QRl3ID9BDndzID9BA3ZzaiA5QQ93IDlBDXdzIDlBCnZzaiI9aiAyaiAwIENqIjIgMSARc3EgEXNqIDJBGncgMkEVd3MgMkEHd3NqIkNqIjBBHncgMEETd3MgMEEKd3MgMCA2cyJCIERxIDZzaiA/IAVqIEBBGXcgQEEOd3MgQEEDdnNqIDtBD3cgO0ENd3MgO0EKdnNqIj8gDUFcaigCAGogEWogQyAzaiIRIDIgMXNxIDFzaiARQRp3IBFBFXdzIBFBB3dzaiJDaiIzQR53IDNBE3dzIDNBCndzIDMgMHMiRCBCcSAwc2ogQCAMaiBBQRl3IEFBDndzIEFBA3ZzaiA9QQ93ID1BDXdzID1BCnZzaiJAIA1BYGooAgBqIDFqIEMgNWoiMSARIDJzcSAyc2ogMUEadyAxQRV3cyAxQQd3c2oiQ2oiNUEedyA1QRN3cyA1QQp3cyA1IDNzIkIgRHEgM3NqIAggCkEZdyAKQQ53cyAKQQN2c2ogQWogP0EPdyA/QQ13cyA/QQp2c2oiQSANQWRqKAIAaiAyaiBDIDRqIjIgMSARc3EgEXNqIDJBGncgMkEVd3MgMkEHd3NqIkNqIjRBHncgNEETd3MgNEEKd3MgNCA1cyJEIEJxIDVzaiAHQRl3IAdBDndzIAdBA3ZzIApqIDhqIEBBD3cgQEENd3MgQEEKdnNqIgogDUFoaigCAGogEWogQyA2aiIRIDIgMXNxIDFzaiARQRp3IBFBFXdzIBFBB3dzaiJDaiI2QR53IDZBE3dzIDZBCndzIDYgNHMiQiBEcSA0c2ogOkEZdyA6QQ53cyA6QQN2cyAHaiA5aiBBQQ93IEFBDXdzIEFBCnZzaiIHIA1BbGooAgBqIDFqIEMgMGoiMSARIDJzcSAyc2ogMUEadyAxQRV3cyAxQQd3c2oiMGoiQ0EedyBDQRN3cyBDQQp3cyBDIDZzIkQgQnEgNnNqIDxBGXcgPEEOd3MgPEEDdnMgOmogO2ogCkEPdyAKQQ13cyAKQQp2c2oiOiANQXBqKAIAaiAyaiAwIDNqIjMgMSARc3EgEXNqIDNBGncgM0EVd3MgM0EHd3NqIjJqIkJBHncgQkETd3MgQkEKd3MgQiBDcyJFIERxIENzaiA+QRl3ID5BDndzID5BA3ZzIDxqID1qIAdBD3cgB0ENd3MgB0EKdnNqIjwgDUF0aigCAGogEWogMiA1aiIRIDMgMXNxIDFzaiARQRp3IBFBFXdzIBFBB3dzaiIyaiIwQR53IDBBE3dzIDBBCndzIDAgQnMiNSBFcSBCc2ogPiALQRl3IAtBDndzIAtBA3ZzaiA/aiA6QQ93IDpBDXdzIDpBCnZzaiI+IA1BeGooAgBqIDFqIDIgNGoiMSARIDNzcSAzc2ogMUEadyAxQRV3cyAxQQd3c2oiNGoiMkEedyAyQRN3cyAyQQp3cyAyIDBzIkQgNXEgMHNqIAVBGXcgBUEOd3MgBUEDdnMgC2ogQGogPEEPdyA8QQ13cyA8QQp2c2oiCyANQXxqKAIAaiAzaiA0IDZqIjMgMSARc3EgEXNqIDNBGncgM0EVd3MgM0EHd3NqIjVqIjRBHncgNEETd3MgNEEKd3MgNCAycyBEcSAyc2ogDEEZdyAMQQ53cyAMQQN2cyAFaiBBaiA+QQ93ID5BDXdzID5BCnZzaiIFIA0oAgBqIBFqIDUgQ2oiNSAzIDFzcSAxc2ogNUEadyA1QRV3cyA1QQd3c2oiEWohNiARIEJqIREgDUHAAGohDSA3QRBqIjdBMEkNAAsCQCA2QefMp9AGaiINIANLDQAgDSADSQ0EIA0gA0cNACA0QYXdntt7aiAETQ0ECyAvQQFqIi9BgAJHDQALIBpBAWoiGiACRw0AC0EAICc2AqSKgIAAC0F/DwtBACAnNgKkioCAACAvIBpBCHRqCwuIAgEAQYAIC4ACmC+KQpFEN3HP+8C1pdu16VvCVjnxEfFZpII/ktVeHKuYqgfYAVuDEr6FMSTDfQxVdF2+cv6x3oCnBtybdPGbwcFpm+SGR77vxp3BD8yhDCRvLOktqoR0StypsFzaiPl2UlE+mG3GMajIJwOwx39Zv/ML4MZHkafVUWPKBmcpKRSFCrcnOCEbLvxtLE0TDThTVHMKZbsKanYuycKBhSxykqHov6JLZhqocItLwqNRbMcZ6JLRJAaZ1oU1DvRwoGoQFsGkGQhsNx5Md0gntbywNLMMHDlKqthOT8qcW/NvLmjugo90b2OleBR4yIQIAseM+v++kOtsUKT3o/m+8nhxxg==';
const NONCES_PER_ROW = 256;
const ROWS = 2 ** 32; // of one value of the highest bits
const MOST_ROWS_AT_ONCE = 2 ** 14;
const MOST_WORK = 2 ** 40;
const INITIAL = Int32Array.of(
0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);
const K = Int32Array.of(
0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2);
function webAssembly(name, base64) {
const module = new WebAssembly.Module(bytesOf(base64));
const { memory, block, search } = new WebAssembly.Instance(module).exports;
const words = new Uint32Array(memory.buffer, block(), 8);
return { name, begin: (seed) => words.set(seed), search };
}
function javaScript() {
const block = new Int32Array(16);
const seeded = new Int32Array(8);
const state = new Int32Array(8);
return {
name: 'js',
begin: (seed) => block.set(seed),
search(word8, word9, count, mostHigh, mostLow) {
block[8] = word8;
block[10] = 0x800000;
block[15] = 41 * 8;
seeded.set(INITIAL);
advance(seeded, block, 0, 9);
for (let i = 0; i < count; i++) {
state.set(seeded);
block[9] = word9 + i;
advance(state, block, 9, 10);
const last = searchRow(state, block, mostHigh, mostLow);
if (last >= 0) {
return i * NONCES_PER_ROW + last;
}
}
return -1;
},
};
}
function advance(s, block, from, to) {
for (let i = from; i < to; i++) {
const [a, b, c, d, e, f, g, h] = s;
const t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7))
+ (g ^ e & (f ^ g)) + K[i] + block[i] | 0;
const u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10))
+ (b ^ (a ^ b) & (b ^ c)) | 0;
s.set([t + u, a, b, c, d + t, e, f, g]);
}
}
function searchRow(s, block, mostHigh, mostLow) {
for (let last = 0; last < NONCES_PER_ROW; last++) {
let a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
let w0 = block[0], w1 = block[1], w2 = block[2], w3 = block[3];
let w4 = block[4], w5 = block[5], w6 = block[6], w7 = block[7];
let w8 = block[8], w9 = block[9], w10 = block[10] | last << 24, w11 = 0;
let w12 = 0, w13 = 0, w14 = 0, w15 = block[15];
h = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (g ^ e & (f ^ g)) + K[10] + w10 | 0;
d = d + h | 0;
h = h + ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (b ^ (a ^ b) & (b ^ c)) | 0;
g = g + ((d >>> 6 | d << 26) ^ (d >>> 11 | d << 21) ^ (d >>> 25 | d << 7)) + (f ^ d & (e ^ f)) + K[11] + w11 | 0;
c = c + g | 0;
g = g + ((h >>> 2 | h << 30) ^ (h >>> 13 | h << 19) ^ (h >>> 22 | h << 10)) + (a ^ (h ^ a) & (a ^ b)) | 0;
f = f + ((c >>> 6 | c << 26) ^ (c >>> 11 | c << 21) ^ (c >>> 25 | c << 7)) + (e ^ c & (d ^ e)) + K[12] + w12 | 0;
b = b + f | 0;
f = f + ((g >>> 2 | g << 30) ^ (g >>> 13 | g << 19) ^ (g >>> 22 | g << 10)) + (h ^ (g ^ h) & (h ^ a)) | 0;
e = e + ((b >>> 6 | b << 26) ^ (b >>> 11 | b << 21) ^ (b >>> 25 | b << 7)) + (d ^ b & (c ^ d)) + K[13] + w13 | 0;
a = a + e | 0;
e = e + ((f >>> 2 | f << 30) ^ (f >>> 13 | f << 19) ^ (f >>> 22 | f << 10)) + (g ^ (f ^ g) & (g ^ h)) | 0;
d = d + ((a >>> 6 | a << 26) ^ (a >>> 11 | a << 21) ^ (a >>> 25 | a << 7)) + (c ^ a & (b ^ c)) + K[14] + w14 | 0;
h = h + d | 0;
d = d + ((e >>> 2 | e << 30) ^ (e >>> 13 | e << 19) ^ (e >>> 22 | e << 10)) + (f ^ (e ^ f) & (f ^ g)) | 0;
c = c + ((h >>> 6 | h << 26) ^ (h >>> 11 | h << 21) ^ (h >>> 25 | h << 7)) + (b ^ h & (a ^ b)) + K[15] + w15 | 0;
g = g + c | 0;
c = c + ((d >>> 2 | d << 30) ^ (d >>> 13 | d << 19) ^ (d >>> 22 | d << 10)) + (e ^ (d ^ e) & (e ^ f)) | 0;
for (let i = 16; i < 64; i += 16) {
w0 = w0 + ((w1 >>> 7 | w1 << 25) ^ (w1 >>> 18 | w1 << 14) ^ w1 >>> 3) + w9 + ((w14 >>> 17 | w14 << 15) ^ (w14 >>> 19 | w14 << 13) ^ w14 >>> 10) | 0;
b = b + ((g >>> 6 | g << 26) ^ (g >>> 11 | g << 21) ^ (g >>> 25 | g << 7)) + (a ^ g & (h ^ a)) + K[i + 0] + w0 | 0;
f = f + b | 0;
b = b + ((c >>> 2 | c << 30) ^ (c >>> 13 | c << 19) ^ (c >>> 22 | c << 10)) + (d ^ (c ^ d) & (d ^ e)) | 0;
w1 = w1 + ((w2 >>> 7 | w2 << 25) ^ (w2 >>> 18 | w2 << 14) ^ w2 >>> 3) + w10 + ((w15 >>> 17 | w15 << 15) ^ (w15 >>> 19 | w15 << 13) ^ w15 >>> 10) | 0;
a = a + ((f >>> 6 | f << 26) ^ (f >>> 11 | f << 21) ^ (f >>> 25 | f << 7)) + (h ^ f & (g ^ h)) + K[i + 1] + w1 | 0;
e = e + a | 0;
a = a + ((b >>> 2 | b << 30) ^ (b >>> 13 | b << 19) ^ (b >>> 22 | b << 10)) + (c ^ (b ^ c) & (c ^ d)) | 0;
w2 = w2 + ((w3 >>> 7 | w3 << 25) ^ (w3 >>> 18 | w3 << 14) ^ w3 >>> 3) + w11 + ((w0 >>> 17 | w0 << 15) ^ (w0 >>> 19 | w0 << 13) ^ w0 >>> 10) | 0;
h = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (g ^ e & (f ^ g)) + K[i + 2] + w2 | 0;
d = d + h | 0;
h = h + ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (b ^ (a ^ b) & (b ^ c)) | 0;
w3 = w3 + ((w4 >>> 7 | w4 << 25) ^ (w4 >>> 18 | w4 << 14) ^ w4 >>> 3) + w12 + ((w1 >>> 17 | w1 << 15) ^ (w1 >>> 19 | w1 << 13) ^ w1 >>> 10) | 0;
g = g + ((d >>> 6 | d << 26) ^ (d >>> 11 | d << 21) ^ (d >>> 25 | d << 7)) + (f ^ d & (e ^ f)) + K[i + 3] + w3 | 0;
c = c + g | 0;
g = g + ((h >>> 2 | h << 30) ^ (h >>> 13 | h << 19) ^ (h >>> 22 | h << 10)) + (a ^ (h ^ a) & (a ^ b)) | 0;
w4 = w4 + ((w5 >>> 7 | w5 << 25) ^ (w5 >>> 18 | w5 << 14) ^ w5 >>> 3) + w13 + ((w2 >>> 17 | w2 << 15) ^ (w2 >>> 19 | w2 << 13) ^ w2 >>> 10) | 0;
f = f + ((c >>> 6 | c << 26) ^ (c >>> 11 | c << 21) ^ (c >>> 25 | c << 7)) + (e ^ c & (d ^ e)) + K[i + 4] + w4 | 0;
b = b + f | 0;
f = f + ((g >>> 2 | g << 30) ^ (g >>> 13 | g << 19) ^ (g >>> 22 | g << 10)) + (h ^ (g ^ h) & (h ^ a)) | 0;
w5 = w5 + ((w6 >>> 7 | w6 << 25) ^ (w6 >>> 18 | w6 << 14) ^ w6 >>> 3) + w14 + ((w3 >>> 17 | w3 << 15) ^ (w3 >>> 19 | w3 << 13) ^ w3 >>> 10) | 0;
e = e + ((b >>> 6 | b << 26) ^ (b >>> 11 | b << 21) ^ (b >>> 25 | b << 7)) + (d ^ b & (c ^ d)) + K[i + 5] + w5 | 0;
a = a + e | 0;
e = e + ((f >>> 2 | f << 30) ^ (f >>> 13 | f << 19) ^ (f >>> 22 | f << 10)) + (g ^ (f ^ g) & (g ^ h)) | 0;
w6 = w6 + ((w7 >>> 7 | w7 << 25) ^ (w7 >>> 18 | w7 << 14) ^ w7 >>> 3) + w15 + ((w4 >>> 17 | w4 << 15) ^ (w4 >>> 19 | w4 << 13) ^ w4 >>> 10) | 0;
d = d + ((a >>> 6 | a << 26) ^ (a >>> 11 | a << 21) ^ (a >>> 25 | a << 7)) + (c ^ a & (b ^ c)) + K[i + 6] + w6 | 0;
h = h + d | 0;
d = d + ((e >>> 2 | e << 30) ^ (e >>> 13 | e << 19) ^ (e >>> 22 | e << 10)) + (f ^ (e ^ f) & (f ^ g)) | 0;
w7 = w7 + ((w8 >>> 7 | w8 << 25) ^ (w8 >>> 18 | w8 << 14) ^ w8 >>> 3) + w0 + ((w5 >>> 17 | w5 << 15) ^ (w5 >>> 19 | w5 << 13) ^ w5 >>> 10) | 0;
c = c + ((h >>> 6 | h << 26) ^ (h >>> 11 | h << 21) ^ (h >>> 25 | h << 7)) + (b ^ h & (a ^ b)) + K[i + 7] + w7 | 0;
g = g + c | 0;
c = c + ((d >>> 2 | d << 30) ^ (d >>> 13 | d << 19) ^ (d >>> 22 | d << 10)) + (e ^ (d ^ e) & (e ^ f)) | 0;
w8 = w8 + ((w9 >>> 7 | w9 << 25) ^ (w9 >>> 18 | w9 << 14) ^ w9 >>> 3) + w1 + ((w6 >>> 17 | w6 << 15) ^ (w6 >>> 19 | w6 << 13) ^ w6 >>> 10) | 0;
b = b + ((g >>> 6 | g << 26) ^ (g >>> 11 | g << 21) ^ (g >>> 25 | g << 7)) + (a ^ g & (h ^ a)) + K[i + 8] + w8 | 0;
f = f + b | 0;
b = b + ((c >>> 2 | c << 30) ^ (c >>> 13 | c << 19) ^ (c >>> 22 | c << 10)) + (d ^ (c ^ d) & (d ^ e)) | 0;
w9 = w9 + ((w10 >>> 7 | w10 << 25) ^ (w10 >>> 18 | w10 << 14) ^ w10 >>> 3) + w2 + ((w7 >>> 17 | w7 << 15) ^ (w7 >>> 19 | w7 << 13) ^ w7 >>> 10) | 0;
a = a + ((f >>> 6 | f << 26) ^ (f >>> 11 | f << 21) ^ (f >>> 25 | f << 7)) + (h ^ f & (g ^ h)) + K[i + 9] + w9 | 0;
e = e + a | 0;
a = a + ((b >>> 2 | b << 30) ^ (b >>> 13 | b << 19) ^ (b >>> 22 | b << 10)) + (c ^ (b ^ c) & (c ^ d)) | 0;
w10 = w10 + ((w11 >>> 7 | w11 << 25) ^ (w11 >>> 18 | w11 << 14) ^ w11 >>> 3) + w3 + ((w8 >>> 17 | w8 << 15) ^ (w8 >>> 19 | w8 << 13) ^ w8 >>> 10) | 0;
h = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (g ^ e & (f ^ g)) + K[i + 10] + w10 | 0;
d = d + h | 0;
h = h + ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (b ^ (a ^ b) & (b ^ c)) | 0;
w11 = w11 + ((w12 >>> 7 | w12 << 25) ^ (w12 >>> 18 | w12 << 14) ^ w12 >>> 3) + w4 + ((w9 >>> 17 | w9 << 15) ^ (w9 >>> 19 | w9 << 13) ^ w9 >>> 10) | 0;
g = g + ((d >>> 6 | d << 26) ^ (d >>> 11 | d << 21) ^ (d >>> 25 | d << 7)) + (f ^ d & (e ^ f)) + K[i + 11] + w11 | 0;
c = c + g | 0;
g = g + ((h >>> 2 | h << 30) ^ (h >>> 13 | h << 19) ^ (h >>> 22 | h << 10)) + (a ^ (h ^ a) & (a ^ b)) | 0;
w12 = w12 + ((w13 >>> 7 | w13 << 25) ^ (w13 >>> 18 | w13 << 14) ^ w13 >>> 3) + w5 + ((w10 >>> 17 | w10 << 15) ^ (w10 >>> 19 | w10 << 13) ^ w10 >>> 10) | 0;
f = f + ((c >>> 6 | c << 26) ^ (c >>> 11 | c << 21) ^ (c >>> 25 | c << 7)) + (e ^ c & (d ^ e)) + K[i + 12] + w12 | 0;
b = b + f | 0;
f = f + ((g >>> 2 | g << 30) ^ (g >>> 13 | g << 19) ^ (g >>> 22 | g << 10)) + (h ^ (g ^ h) & (h ^ a)) | 0;
w13 = w13 + ((w14 >>> 7 | w14 << 25) ^ (w14 >>> 18 | w14 << 14) ^ w14 >>> 3) + w6 + ((w11 >>> 17 | w11 << 15) ^ (w11 >>> 19 | w11 << 13) ^ w11 >>> 10) | 0;
e = e + ((b >>> 6 | b << 26) ^ (b >>> 11 | b << 21) ^ (b >>> 25 | b << 7)) + (d ^ b & (c ^ d)) + K[i + 13] + w13 | 0;
a = a + e | 0;
e = e + ((f >>> 2 | f << 30) ^ (f >>> 13 | f << 19) ^ (f >>> 22 | f << 10)) + (g ^ (f ^ g) & (g ^ h)) | 0;
w14 = w14 + ((w15 >>> 7 | w15 << 25) ^ (w15 >>> 18 | w15 << 14) ^ w15 >>> 3) + w7 + ((w12 >>> 17 | w12 << 15) ^ (w12 >>> 19 | w12 << 13) ^ w12 >>> 10) | 0;
d = d + ((a >>> 6 | a << 26) ^ (a >>> 11 | a << 21) ^ (a >>> 25 | a << 7)) + (c ^ a & (b ^ c)) + K[i + 14] + w14 | 0;
h = h + d | 0;
d = d + ((e >>> 2 | e << 30) ^ (e >>> 13 | e << 19) ^ (e >>> 22 | e << 10)) + (f ^ (e ^ f) & (f ^ g)) | 0;
w15 = w15 + ((w0 >>> 7 | w0 << 25) ^ (w0 >>> 18 | w0 << 14) ^ w0 >>> 3) + w8 + ((w13 >>> 17 | w13 << 15) ^ (w13 >>> 19 | w13 << 13) ^ w13 >>> 10) | 0;
c = c + ((h >>> 6 | h << 26) ^ (h >>> 11 | h << 21) ^ (h >>> 25 | h << 7)) + (b ^ h & (a ^ b)) + K[i + 15] + w15 | 0;
g = g + c | 0;
c = c + ((d >>> 2 | d << 30) ^ (d >>> 13 | d << 19) ^ (d >>> 22 | d << 10)) + (e ^ (d ^ e) & (e ^ f)) | 0;
}
const high = c + INITIAL[0] >>> 0;
if (high <= mostHigh) {
const low = d + INITIAL[1] >>> 0;
if (high < mostHigh || low <= mostLow) {
return last;
}
}
}
return -1;
}
function bestEngine() {
for (const [name, base64] of [['simd', SIMD], ['wasm', SCALAR]]) {
try {
return webAssembly(name, base64);
} catch {
}
}
return javaScript();
}
function* solve(challenge, engine, sliceMs) {
const { token, puzzles, work } = checked(challenge);
const [mostHigh, mostLow] = threshold(work, puzzles);
engine.begin(seedOf(token));
const nonces = new Uint8Array(8 * puzzles);
const pace = { rows: 4, hashes: 0, ms: 0 };
for (let index = 0; index < puzzles; index++) {
let row = 0;
let found = -1;
while (found < 0) {
const count = Math.min(pace.rows, ROWS - row % ROWS);
const started = performance.now();
const word8 = index << 24 | Math.floor(row / ROWS);
found = engine.search(word8, row % ROWS, count, mostHigh, mostLow);
keepPace(pace, count, found, performance.now() - started, sliceMs);
if (found < 0) {
row += count;
} else {
writeNonce(nonces, 8 * index, row * NONCES_PER_ROW + found);
}
const solved = found < 0 ? index : index + 1;
yield { engine: engine.name, solved, hashes: pace.hashes, ms: pace.ms };
}
}
return token + '.' + base64Url(nonces);
}
function keepPace(pace, count, found, took, sliceMs) {
pace.hashes += found < 0 ? count * NONCES_PER_ROW : found + 1;
pace.ms += took;
if (took > 2 * sliceMs) {
pace.rows = Math.max(1, pace.rows / 2);
} else if (found < 0 && took < sliceMs / 2) {
pace.rows = Math.min(MOST_ROWS_AT_ONCE, pace.rows * 2);
}
}
function checked(challenge) {
const { token, puzzles, work } = challenge;
const isOne = typeof token === 'string' && /^[\w-]{44,1024}$/.test(token)
&& Number.isInteger(puzzles) && puzzles >= 1 && puzzles <= 255
&& Number.isInteger(work) && work >= puzzles && work <= MOST_WORK;
if (!isOne) {
throw new RangeError('challenge: unknown form');
}
return challenge;
}
function seedOf(token) {
const bytes = bytesOf(token.replace(/-/g, '+').replace(/_/g, '/'));
const view = new DataView(bytes.buffer, bytes.length - 32);
return Uint32Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i));
}
function threshold(work, puzzles) {
const digits = [];
let rest = 0;
for (let i = 0; i < 8; i++) {
const here = rest * 256 + 255;
digits.push(Math.floor(here / work));
rest = here % work;
}
const view = new DataView(new ArrayBuffer(8));
let carry = 0;
for (let i = 7; i >= 0; i--) {
carry += digits[i] * puzzles;
view.setUint8(i, carry % 256);
carry = Math.floor(carry / 256);
}
return [view.getUint32(0), view.getUint32(4)];
}
function writeNonce(bytes, at, nonce) {
for (let i = 7; i >= 0; i--) {
bytes[at + i] = nonce % 256;
nonce = Math.floor(nonce / 256);
}
}
function bytesOf(base64) {
return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}
function base64Url(bytes) {
return btoa(String.fromCharCode(...bytes))
.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
}
const SLICE_MS = 50;
const TELL_EVERY_MS = 250;
function serve() {
const engine = bestEngine();
postMessage({ engine: engine.name });
onmessage = (event) => {
try {
postMessage({ proof: solveAtOnce(event.data, engine) });
} catch (e) {
postMessage({ failed: String(e) });
}
};
}
function solveAtOnce(challenge, engine) {
const steps = solve(challenge, engine, SLICE_MS);
let step = steps.next();
let told = { solved: -1, ms: 0 };
while (!step.done) {
const now = step.value;
if (now.solved > told.solved || now.ms - told.ms > TELL_EVERY_MS) {
postMessage(now);
told = now;
}
step = steps.next();
}
return step.value;
}
if (typeof document === 'undefined' && self.name === 'tidegate') {
serve();
} else {
self.tidegateSolver = { solve, javaScript, webAssembly, SIMD, SCALAR };
}
})();
