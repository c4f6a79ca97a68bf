using Penstock.Generator.Declarations;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;
using Penstock.Generator.Words;

namespace Penstock.Generator.Emit;

/// <summary>
/// Emits what an invalid class needs to compile: bodies for its partial properties, the parameter type of its merge
/// method, and the interface of pipelines. Without them the C#
/// compiler would stop at the missing bodies (CS9248) and not run the analyzer, which reports the cause.
/// </summary>
internal static class SkeletonEmitter
{
    public static GeneratedFile? Emit(OperatorDeclaration declared) =>
        declared.Contract == null && declared.Class.IsExtensible
            ? Emit(declared.Class, "Operator", "", declared.States.Select(static state => (state.Name, state.Part)), Accumulator(declared))
            : null;

    public static GeneratedFile? Emit(PipelineDeclaration declared)
    {
        var isPipeline = declared.Class.Problem is not ("static" or ClassDeclaration.Interface);
        return declared.Class.IsExtensible
            ? Emit(
                declared.Class,
                "Pipeline",
                isPipeline ? $" : {CSharp.Penstock}IPipeline" : "",
                declared.Streams.Select(static stream => (stream.Property, stream.Part)),
                isPipeline ? Contract(declared) : [])
            : null;
    }

    public static GeneratedFile? Emit(StrayDeclaration declared) =>
        declared.Class.IsExtensible ? Emit(declared.Class, "Stray", "", [], []) : null;

    private static GeneratedFile? Emit(
        ClassDeclaration type,
        string part,
        string bases,
        IEnumerable<(string Name, PropertyPart? Part)> properties,
        IReadOnlyList<string> contract)
    {
        // The C# compiler reports a name that is declared twice, so it must not be repeated here.
        var bodies = properties.Concat(type.Bodiless.Select(static property => (property.Name, property.Part)))
            .GroupBy(static property => property.Name)
            .Where(static group => group.Count() == 1)
            .Select(static group => group.Single().Part)
            .OfType<PropertyPart>()
            .Select(part => PropertyCode.Of(part, Body(type)))
            .ToList();
        if (bodies.Count + contract.Count == 0)
        {
            return null;
        }

        var code = new CodeWriter();
        CSharp.Header(code, $"{type.Name} has errors; this lets the rest of the project compile");
        using (DeclaredClass.Open(code, type, bases))
        {
            foreach (var line in contract.Concat(bodies))
            {
                code.Line(line);
            }
        }

        return new GeneratedFile(type.HintName, part, code.ToString());
    }

    // Thrown only in a program that was built without analyzers, which report the errors.
    private static string Body(ClassDeclaration type) => "throw new global::System.NotSupportedException("
        + CSharp.Literal($"'{type.Name}' has errors. The build reports them if analyzers run: RunAnalyzers and RunAnalyzersDuringBuild.") + ")";

    // The parameter of a method that merges states. Without its type the analyzer would not run either.
    private static string[] Accumulator(OperatorDeclaration declared)
    {
        if (declared.ReservedMember == KnownNames.Accumulator || !declared.Methods.Any(static method => method.Form.TakesState))
        {
            return [];
        }

        // An indexer, which is no state, has a name that is no identifier.
        var members = declared.States
            .Where(static state =>
                state is { IsCollection: false, IsKeyScoped: false, Type.Access: TypeAccess.Public or TypeAccess.Internal }
                    && state.Name.IndexOf('[') < 0)
            .GroupBy(static state => state.Name)
            .Select(state => $"internal ref readonly {state.First().Stored} {Identifier.Escape(state.Key)} => {Body(declared.Class)};");
        return [$"public readonly ref struct {KnownNames.Accumulator} {{ {string.Join(" ", members)} }}"];
    }

    private static string[] Contract(PipelineDeclaration declared) =>
    [
        $"static {CSharp.Penstock}PipelinePlan {CSharp.Penstock}IPipeline.Plan => {Body(declared.Class)};",
        $"static {CSharp.Tasks}Subtask {CSharp.Penstock}IPipeline.CreateTask(int task, {CSharp.Tasks}TaskContext context) => {Body(declared.Class)};",
        $"static {CSharp.Tasks}Subtask {CSharp.Penstock}IPipeline.CreateTestTask(int task, {CSharp.Tasks}TaskContext context) => {Body(declared.Class)};",
        .. declared.TakenNames.Concat(declared.Streams.Select(static stream => stream.Property)).Contains("Plan")
            ? Array.Empty<string>()
            : [$"public static {CSharp.Penstock}PipelinePlan Plan => {Body(declared.Class)};"],
    ];
}
