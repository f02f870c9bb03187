# SPDX-License-Identifier: Apache-2.0
# cmake -DMANIFEST=plugin.json -DLIBRARY=a.so -DOUTPUT=built.json -P WriteManifest.cmake
# Writes the manifest with the name of the shared object and its SHA-256.
file(READ ${MANIFEST} manifest)
get_filename_component(library ${LIBRARY} NAME)
file(SHA256 ${LIBRARY} digest)
string(JSON manifest SET "${manifest}" library "\"${library}\"")
string(JSON manifest SET "${manifest}" files "{\"${library}\": \"${digest}\"}")
file(WRITE ${OUTPUT} "${manifest}\n")
