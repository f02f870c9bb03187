# SPDX-License-Identifier: Apache-2.0
# cmake -DOUTPUT=x.inc -DINPUTS=a.sql,b.sql -P EmbedText.cmake
# Writes one raw string literal per input, in the order given, each followed by a comma.
string(REPLACE "," ";" INPUTS "${INPUTS}")
set(text "")
foreach(input ${INPUTS})
  file(READ ${input} content)
  string(APPEND text "R\"embedded(${content})embedded\",\n")
endforeach()
file(WRITE ${OUTPUT} "${text}")
