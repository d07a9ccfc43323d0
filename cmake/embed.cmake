# Run as a script: cmake -D DIST=… -D OUT=… -P embed.cmake
# Writes assets_data.S (the bytes) and assets.cc (the table) for every file of DIST.
file(GLOB_RECURSE files LIST_DIRECTORIES false RELATIVE "${DIST}" "${DIST}/*")
list(SORT files)
set(assembly ".section .rodata\n")
set(declarations "")
set(rows "")
set(index 0)
foreach(file IN LISTS files)
  string(APPEND assembly
         ".global revops_asset_${index}\nrevops_asset_${index}:\n.incbin \"${DIST}/${file}\"\n"
         ".global revops_asset_${index}_end\nrevops_asset_${index}_end:\n.byte 0\n")
  string(APPEND declarations
         "extern const char revops_asset_${index}[];\nextern const char revops_asset_${index}_end[];\n")
  string(APPEND rows
         "      {\"/${file}\", {revops_asset_${index}, static_cast<std::size_t>(revops_asset_${index}_end - revops_asset_${index})}},\n")
  math(EXPR index "${index} + 1")
endforeach()
string(APPEND assembly ".section .note.GNU-stack,\"\",@progbits\n")
file(WRITE "${OUT}/assets_data.S" "${assembly}")
file(WRITE "${OUT}/assets.cc"
     "#include \"apps/revops/assets.h\"\n\n#include <cstddef>\n#include <vector>\n\nextern \"C\" {\n${declarations}}\n\n"
     "namespace revops::app {\n\nstd::span<const Asset> Assets() {\n  static const std::vector<Asset> assets = {\n${rows}  };\n  return assets;\n}\n\n}  // namespace revops::app\n")
