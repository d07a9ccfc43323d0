# What `./dev package` takes from the build; the libraries come from the system (tools/dev/package.sh).
install(TARGETS revops RUNTIME DESTINATION lib)
install(TARGETS revops_launcher RUNTIME DESTINATION bin)
