extension ConfigurationSchema {
    /// Keys that environment variables call otherwise, by the reference's habit: there the names
    /// of its program's fields count, and a few differ from those of the file. Either will do.
    static let namesInVariables = [
        "log.hooks.options": "mailoptions",
        "notifications.events": "eventconfig",
        "health.file": "filecheckers",
        "health.http": "httpcheckers",
        "health.tcp": "tcpcheckers",
        "compatibility.schema1.signingkeyfile": "trustkey",
    ]
}
