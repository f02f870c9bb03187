# SPDX-License-Identifier: Apache-2.0
# cmake -DMANIFEST=plugin.json -DLIBRARY=a.so -DOUTPUT=built.json ["-DRESOURCES=a.txt;b.bin"]
#       -P WriteManifest.cmake
# Writes the manifest with the name of the shared object and its SHA-256; resources are copied beside
# it and stand in it, too.
file(READ ${MANIFEST} manifest)
get_filename_component(library ${LIBRARY} NAME)
file(SHA256 ${LIBRARY} digest)
string(JSON manifest SET "${manifest}" library "\"${library}\"")
string(JSON manifest SET "${manifest}" files "{\"${library}\": \"${digest}\"}")
get_filename_component(directory ${OUTPUT} ABSOLUTE)
get_filename_component(directory ${directory} DIRECTORY)
foreach(resource ${RESOURCES})
  get_filename_component(name ${resource} NAME)
  get_filename_component(from ${resource} REALPATH)
  get_filename_component(to ${directory}/${name} REALPATH)
  if(NOT from STREQUAL to)
    file(REMOVE ${directory}/${name})
    file(COPY_FILE ${from} ${directory}/${name})
  endif()
  file(SHA256 ${directory}/${name} digest)
  string(JSON manifest SET "${manifest}" files ${name} "\"${digest}\"")
endforeach()
file(WRITE ${OUTPUT} "${manifest}\n")
