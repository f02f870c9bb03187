# SPDX-License-Identifier: Apache-2.0
# cmake -DOUTPUT=x.inc -DINPUT=a.json -P EmbedJson.cmake
# Writes a JSON document without the white space of its lines, as raw string literals of at most
# 60,000 characters, each followed by a comma.
file(READ ${INPUT} content)
string(REGEX REPLACE "\n *" "" content "${content}")
string(LENGTH "${content}" length)
set(text "")
set(at 0)
while(at LESS length)
  string(SUBSTRING "${content}" ${at} 60000 piece)
  string(APPEND text "R\"embedded(${piece})embedded\",\n")
  math(EXPR at "${at} + 60000")
endwhile()
file(WRITE ${OUTPUT} "${text}")
