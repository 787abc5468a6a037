# avisloop_embed(TARGET <target> NAME <function> FILES <file>...)
# Compiles text files into <target>: <function>(path) in core/base/embedded.h answers the bytes of each, and the build
# runs again when one changes. Raw string literals are cut at 8000 bytes, which every compiler takes.
function(avisloop_embed)
  cmake_parse_arguments(EMBED "" "TARGET;NAME" "FILES" ${ARGN})
  set(body "")
  foreach(file IN LISTS EMBED_FILES)
    file(READ "${CMAKE_SOURCE_DIR}/${file}" text)
    set(literal "")
    string(LENGTH "${text}" length)
    set(at 0)
    while(at LESS length)
      string(SUBSTRING "${text}" ${at} 8000 piece)
      string(APPEND literal "R\"~~~(${piece})~~~\" ")
      math(EXPR at "${at} + 8000")
    endwhile()
    if(literal STREQUAL "")
      set(literal "\"\"")
    endif()
    string(APPEND body "    {\"${file}\", ${literal}},\n")
    set_property(DIRECTORY "${CMAKE_SOURCE_DIR}" APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  endforeach()
  set(EMBED_BODY "${body}")
  set(out "${CMAKE_BINARY_DIR}/generated/${EMBED_NAME}.cpp")
  file(CONFIGURE OUTPUT "${out}" CONTENT
"#include \"core/base/embedded.h\"

namespace avisloop {

std::span<const EmbeddedFile> @EMBED_NAME@() {
  static constexpr EmbeddedFile files[] = {
@EMBED_BODY@  };
  return files;
}

}  // namespace avisloop
" @ONLY)
  target_sources(${EMBED_TARGET} PRIVATE "${out}")
endfunction()
