"""Poll, parse, extract, match, place, judge, keep: one article's way through the house, as a pipe.

    due feeds                     which may be asked now                                       policy.polling
      | request                   what to ask for, with what we remember                       sources
      | fetch                     the wire; 304 or the same bytes end here                     fetch
      | parse                     bytes → entries, in a child that can be killed               worker, sources
      | unknown                   only what we never saw                                       store
      | page                      the article's own text, where the feed wants it              fetch, worker, extract
      | find                      keywords → hits                                              matching
      | place                     which story                                                  stories
      | judge                     yes or no, with a reason                                     policy.alerting
      | render                    words, for every voice that wants them                       channels
      | keep                      article, hits, evidence, story, verdict, outbox rows         store, outbox
      | polled                    validators, in the same transaction as the feed's last entry store
    ── a crash anywhere above loses nothing: what was not kept is asked for again ──

`desk` names what the pipe works with, `poll` is one feed's turn, `keep` the one transaction, `baseline` what a first
reading may say.
"""
