// TextFrontend
