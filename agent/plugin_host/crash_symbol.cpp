// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/crash_symbol.hpp"

#include "plugin_host/library_symbol.hpp"
#include "plugin_host/mapped_file.hpp"

namespace ostler::plugin_host {

void name_crash(BoxEvidence& evidence, int library) {
  if (!evidence.crash || evidence.is_program) return;
  const supervise::BoxCrash& crash = *evidence.crash;
  const MappedFile object(library);
  if (crash.module == evidence.library) {
    evidence.symbol = symbol_at(object.bytes(), crash.offset);
  }
  if (crash.caller != 0) evidence.caller_symbol = symbol_at(object.bytes(), crash.caller);
}

}  // namespace ostler::plugin_host
