/**
 * What App.jsx loads when it is needed, in one piece: pieces that share code with each other would make the bundler split
 * the first one too, whose style sheet has to come first (styles/layers.css).
 */
export { DataPage } from './DataPage.jsx';
export { ImportPage } from './ImportPage.jsx';
