# What `./dev package` puts into its archive, in one folder: the program and the library it loads.
install(TARGETS revops RUNTIME DESTINATION .)
install(FILES "${REVOPS_DUCKDB_DIR}/lib/libduckdb.so" DESTINATION .)
