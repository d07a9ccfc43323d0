import { useRef } from 'react';
import { isUnsupported, useImports } from '../../api/imports.js';
import { formatBytes } from '../../lib/format.js';
import { Button } from '../../ui/Button.jsx';
import { Icon } from '../../ui/Icon.jsx';
import { Meter } from '../../ui/Meter.jsx';
import { Notice } from '../../ui/Notice.jsx';
import { Panel } from '../../ui/Panel.jsx';
import { useFileDrop } from './use-file-drop.js';
import { useUpload } from './use-upload.js';
import './ImportPanel.css';

/** @typedef {import('./use-upload.js').Upload} Upload */

/** @param {{ upload: Extract<Upload, { phase: 'sending' }>, onCancel: () => void }} props */
export function Sending({ upload: { file, sent }, onCancel }) {
  const whole = sent >= file.size;
  return (
    <div className="drop-sending">
      <p className="drop-line">
        <span className="drop-name">{file.name}</span>
        <span className="drop-bytes">{whole ? 'Received, one moment…' : `${formatBytes(sent)} of ${formatBytes(file.size)}`}</span>
      </p>
      <Meter label={`Upload of ${file.name}`} share={whole ? null : sent / file.size} />
      <Button onClick={onCancel}>Cancel upload</Button>
    </div>
  );
}

/** @param {{ over: boolean, onFile: (file: File) => void }} props */
export function DropZone({ over, onFile }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  return (
    <div className={`drop ${over ? 'drop-over' : ''}`}>
      <Icon name="upload" />
      <p className="drop-title">{over ? 'Drop it anywhere' : 'Drop an export here'}</p>
      <p className="drop-text">
        CSV, Excel (.xlsx), Parquet or JSON lines, with any column names. You see what it would become before anything is written.
      </p>
      <Button look="primary" onClick={() => input.current?.click()}>Choose a file</Button>
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-label="File to import"
        accept=".csv,.tsv,.txt,.xlsx,.parquet,.jsonl,.ndjson,.json"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) onFile(file);
        }}
      />
    </div>
  );
}

/** Where a file is handed over. @param {{ onUploaded: (job: import('../../api/types').Import) => void }} props */
export function ImportPanel({ onUploaded }) {
  const imports = useImports();
  const unsupported = isUnsupported(imports.error);
  const { state, send, cancel } = useUpload({ onDone: onUploaded });
  const over = useFileDrop({ enabled: !unsupported && state.phase !== 'sending', onFile: (file) => void send(file) });
  const waiting = imports.data?.find((job) => job.state === 'waiting');
  if (unsupported) {
    return (
      <Panel title="Import a file">
        <p className="drop-unsupported">{imports.error?.message}</p>
      </Panel>
    );
  }
  return (
    <Panel title="Import a file" note="Your own deals, from the CRM or a spreadsheet, in two minutes. What an import changes can be undone.">
      {state.phase === 'failed' && (
        <div className="state">
          <Notice tone="bad" alert action={<Button onClick={() => void send(state.file)}>Try again</Button>}>
            <strong>{state.file.name} could not be handed over.</strong> {state.error.message}
          </Notice>
        </div>
      )}
      {waiting && state.phase !== 'sending' && (
        <div className="state">
          <Notice action={<Button onClick={() => onUploaded(waiting)}>Review it</Button>}>
            <strong>{waiting.file.name}</strong> waits for you to look at it.
          </Notice>
        </div>
      )}
      {state.phase === 'sending' ? <Sending upload={state} onCancel={cancel} /> : <DropZone over={over} onFile={(file) => void send(file)} />}
    </Panel>
  );
}
