"use strict";

// Starts `wakeup lsp` and lets VS Code speak to it. Everything else is the server's.

const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

function command() {
  const written = vscode.workspace.getConfiguration("wakeup").get("command", "wakeup");
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  return written.replace("${workspaceFolder}", folder);
}

async function start() {
  const server = { command: command(), args: ["lsp"], transport: TransportKind.stdio };
  client = new LanguageClient("wakeup", "wakeup", server, {
    documentSelector: [
      { scheme: "file", language: "wake" },
      { scheme: "untitled", language: "wake" },
    ],
  });
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const told = `wakeup: "${server.command} lsp" does not start. Run pip install "wakeup[lsp]", or set wakeup.command.`;
    vscode.window.showErrorMessage(told);
  }
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

async function restart() {
  await stop();
  await start();
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("wakeup.restart", restart),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("wakeup.command")) {
        return restart();
      }
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
