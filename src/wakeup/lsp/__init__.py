"""The language server: what editors ask of campaign files, answered by the same parse and the same checker as the
command line. The only package that touches pygls; needs the extra `wakeup[lsp]`.

Texts come from the editor (`texts`), are read and checked in a thread of their own (`desk`, `reading`), and every
question is answered from one such reading: `outline`, `uses`, `hover`, `completion`, `rename`, `problems`. `server`
only takes messages in and sends answers out.
"""
