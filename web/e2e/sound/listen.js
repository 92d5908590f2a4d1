// Runs in the page before its own code: whatever is connected to the loudspeaker goes through the tap first.

(() => {
  const heard = { runs: [], rate: 0, samples: [] };
  const taps = [];
  window.e2eHeard = heard;
  window.e2eRecord = (record) => taps.forEach((tap) => tap.port.postMessage({ record }));
  window.e2eAudios = [];
  window.Audio = new Proxy(Audio, {
    construct(made, asked) {
      const audio = new made(...asked);
      window.e2eAudios.push(audio);
      return audio;
    },
  });
  if (!('AudioWorklet' in window)) return;

  // A machine whose sound runs at the rate of the music, whatever this one has.
  const RATE = 48_000;
  window.AudioContext = class extends AudioContext {
    constructor(options = {}) {
      super({ sampleRate: RATE, ...options });
    }
  };

  const { addModule } = AudioWorklet.prototype;
  const tapAt = () => (window.e2eTap === undefined ? new URL('e2e/tap.mjs', document.baseURI) : URL.createObjectURL(new Blob([window.e2eTap], { type: 'text/javascript' })));
  AudioWorklet.prototype.addModule = async function (...asked) {
    await addModule.call(this, tapAt());
    return addModule.apply(this, asked);
  };

  function take({ data }) {
    if (data.runs === undefined) heard.samples.push(data);
    else heard.runs.splice(data.from, heard.runs.length, ...data.runs);
  }

  const { connect } = AudioNode.prototype;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (!(to instanceof AudioDestinationNode)) return connect.call(this, to, ...rest);
    heard.rate = this.context.sampleRate;
    const tap = new AudioWorkletNode(this.context, 'e2e-tap', {
      channelCount: 2,
      channelCountMode: 'explicit',
      outputChannelCount: [2],
    });
    tap.port.onmessage = take;
    taps.push(tap);
    connect.call(this, tap);
    connect.call(tap, to);
    return to;
  };
})();
