/// Puts what environment variables say over the nodes of a file.
///
/// The rules are those of the reference registry: a variable replaces what stands where its name
/// leads to, sections and lists as a whole; what is missing on the way is made. Beyond them, the
/// keys that mirrord has added can be set too, and lists within the sections of storage drivers
/// and of access control.
struct ConfigurationOverlay {
    private(set) var root: YAMLNode
    private(set) var errors: [ConfigurationProblem] = []
    private(set) var warnings: [ConfigurationProblem] = []

    init(over root: YAMLNode, environment: [String: String]) {
        self.root = root
        for variable in ConfigurationVariable.all(in: environment) { apply(variable) }
    }

    private mutating func apply(_ variable: ConfigurationVariable) {
        do throws(YAMLError) {
            try apply(variable, value: variable.node())
        } catch {
            errors.append(ConfigurationProblem(position: error.position, message: error.message))
        }
    }

    private mutating func apply(_ variable: ConfigurationVariable, value: YAMLNode) {
        let problem = { (message: String) in
            ConfigurationProblem(position: variable.position, message: message)
        }
        if variable.path == ["VERSION"] {
            return warnings.append(problem("the file says its version, so this is left aside"))
        }
        do throws(OverlayPath.Fault) {
            root = try OverlayPath(parts: variable.path, value: value).set(in: root)
        } catch {
            switch error {
            case .beyondTheEnd(let count):
                errors.append(problem("the entry that may be set next has the number \(count)"))
            case .unknown(let part, let known) where !variable.isOfKubernetes:
                warnings.append(problem(unknown(variable, part, known)))
            case .unknown: break
            }
        }
    }

    private func unknown(
        _ variable: ConfigurationVariable, _ part: Int, _ known: [String]
    ) -> String {
        let complaint = "no key is called so, and it is left aside"
        guard let nearest = NearestKey.nearest(to: String(variable.path[part]), among: known) else {
            return complaint
        }
        var path = variable.path.map(String.init)
        path[part] = nearest.uppercased()
        let name = ConfigurationVariable.prefix + path.joined(separator: "_")
        return "\(complaint): did you mean \(name)?"
    }
}
