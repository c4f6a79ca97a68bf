using Penstock.Generator.Declarations;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;
using Penstock.Generator.Words;

namespace Penstock.Generator.Emit;

/// <summary>
/// Emits the second half of an operator: the contract through which pipelines run it, and in a file of its own what holds and writes its
/// state.
/// </summary>
internal static class OperatorEmitter
{
    public static string Emit(OperatorDeclaration declaration)
    {
        var model = OperatorModels.Of(declaration);
        var states = new OperatorStates(declaration, model);
        var code = new CodeWriter();
        CSharp.Header(code, $"operator {declaration.Class.Name}");
        using (DeclaredClass.Open(code, declaration.Class, ""))
        {
            states.EmitMembers(code);
            EmitContract(code, declaration, model, states);
        }

        return code.ToString();
    }

    /// <summary>The structs that hold the state, and what writes it into checkpoints; null when there is none.</summary>
    public static string? EmitState(OperatorDeclaration declaration)
    {
        var model = OperatorModels.Of(declaration);
        if (!model.HasState && !model.HasKeyState && !model.HasCollections)
        {
            return null;
        }

        var code = new CodeWriter();
        CSharp.Header(code, $"the state of operator {declaration.Class.Name}");
        using (DeclaredClass.Open(code, declaration.Class, ""))
        using (code.Braces($"static partial class {KnownNames.Contract}"))
        {
            new OperatorStates(declaration, model).EmitParts(code, model);
        }

        return code.ToString();
    }

    private static void EmitContract(CodeWriter code, OperatorDeclaration declaration, OperatorModel model, OperatorStates states)
    {
        code.Line("/// <summary>The contract through which pipelines, also those of other assemblies, run this operator.</summary>");
        code.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
        code.Line($"[global::Penstock.GeneratedOperator({string.Join(", ", Description(declaration, model))})]");
        using (code.Braces($"{(IsPublic(declaration, model) ? "public" : "internal")} static partial class {KnownNames.Contract}"))
        {
            code.Line("/// <summary>Creates an instance for one subtask.</summary>");
            var created = DeclaredClass.Create(model.Type, declaration.Creation.Services, "services");
            code.Line($"public static {model.Type} Create(global::System.IServiceProvider services) => {created};");

            foreach (var method in declaration.Methods)
            {
                code.Line();
                EmitMethod(code, declaration, model, states, method);
            }

            if (model.HasCollections)
            {
                states.EmitOpen(code, model.Type);
            }

            if (model.Ttl is { InEntries: true })
            {
                states.EmitAttach(code, model.Type);
            }
        }
    }

    private static void EmitMethod(
        CodeWriter code,
        OperatorDeclaration declaration,
        OperatorModel model,
        OperatorStates states,
        MethodDeclaration method)
    {
        var form = method.Form;
        var passed = states.Passed(model).ToList();
        var names = new Names(["op", "row", "window", "context", "output", "result", .. passed.Select(static part => part.Parameter)]);
        var sides = form.Emits ? model.SideOutputs.Select(side => (side.Row, Name: Identifier.Escape(names.Take(side.Name)))).ToList() : [];
        var parameters = $"in {method.Parameters[0].Type.Name} {First(form)}"
            + (form.TakesContext ? ", in global::Penstock.Context context" : "")
            + (form.Emits ? $", ref global::Penstock.Output<{model.Output.Name}> output" : "")
            + string.Concat(sides.Select(static side => $", ref global::Penstock.Output<{side.Row.Name}> {side.Name}"))
            + string.Concat(passed.Select(static part => $", ref {part.Type} {part.Parameter}"));

        // What has no members is handed over all the same, and not copied.
        var copied = passed.Where(part => part.Type != "State" || states.State.Members.Count > 0).ToList();
        var result = form.Result switch
        {
            MethodResult.Bool => "bool",
            MethodResult.Row => $"{model.Output.Name}",
            MethodResult.Nothing => "void",
            _ => throw new InvalidOperationException($"A result of methods is not known: {form.Result}."),
        };
        var call =
            $"{(method.IsStatic ? model.Type : "op")}.{Identifier.Escape(method.Name)}({string.Join(", ", method.Parameters.Select((parameter, i) => Argument(method, parameter, i, sides)))})";
        code.Line($"/// <summary>Calls <c>{CSharp.Comment(method.Name)}</c>.</summary>");
        code.Line(CSharp.Inline);
        var head = $"public static {result} {form}({model.Type} op, {parameters})";
        if (copied.Count == 0)
        {
            code.Line($"{head} => {call};");
            return;
        }

        using (code.Braces(head))
        {
            foreach (var part in copied)
            {
                code.Line($"op.{part.Field} = {part.Parameter};");
            }

            code.Line(result == "void" ? $"{call};" : $"var result = {call};");
            foreach (var part in copied)
            {
                code.Line($"{part.Parameter} = op.{part.Field};");
            }

            if (result != "void")
            {
                code.Line("return result;");
            }
        }
    }

    private static string First(MethodForm form) => form.TakesWindow ? "window" : "row";

    private static string Argument(
        MethodDeclaration method,
        ParameterDeclaration parameter,
        int index,
        List<(TypeRef Row, string Name)> sides)
    {
        var passing = parameter.Kind switch
        {
            PassingKind.In => "in ",
            PassingKind.Ref => "ref ",
            PassingKind.Value or PassingKind.Out => "",
            _ => throw new InvalidOperationException($"A way to pass a parameter is not known: {parameter.Kind}."),
        };
        return passing + (index == 0 ? First(method.Form)
            : parameter.Wrapper == KnownNames.Context ? "context"
            : parameter == method.Outputs.First() ? "output"
            : sides[method.Outputs.TakeWhile(output => output != parameter).Count() - 1].Name);
    }

    private static IEnumerable<string> Description(OperatorDeclaration declaration, OperatorModel model)
    {
        // The oldest version that knows all of it.
        yield return model.SideOutputs.Count == 0 ? "1" : "2";
        yield return CSharp.Literal(model.Kind.Name);
        if (declaration.Key != null)
        {
            yield return $"Key = {Array(declaration.Key.Members.Select(static member => member.Name))}";
        }

        if (!model.Reads.All)
        {
            yield return $"Reads = {Array(model.Reads.Paths)}";
        }

        // Only who sees the operator asks for it.
        if (model.Origins is { } origins && IsPublic(declaration, model))
        {
            yield return $"Origins = {Array(origins.Texts)}";
        }

        if (model.SideOutputs.Count > 0)
        {
            yield return $"SideOutputs = {Array(model.SideOutputs.Select(static side => side.Name))}";
        }

        if (model.TakesUpdates)
        {
            yield return "TakesUpdates = true";
        }

        if (model.Window != null)
        {
            yield return $"WindowSize = {CSharp.Literal(model.Window.Size)}";
            if (model.Window.Offset != 0)
            {
                yield return $"WindowOffset = {CSharp.Literal(model.Window.Offset)}";
            }

            if (model.Window.Lateness != 0)
            {
                yield return $"AllowedLateness = {CSharp.Literal(model.Window.Lateness)}";
            }
        }

        if (model.Ttl is { } ttl)
        {
            yield return "HasTtl = true";
            if (ttl.Shortest != 0)
            {
                yield return $"ShortestTtl = {CSharp.Literal(ttl.Shortest)}";
            }

            if (ttl.EventTimeState != null)
            {
                yield return $"EventTimeState = {CSharp.Literal(ttl.EventTimeState)}";
            }
        }

        if (model.States.Count > 0)
        {
            yield return $"States = {Array(model.States.Select(static part => part.ToString()))}";
        }
    }

    private static string Array(IEnumerable<string> items) => $"new string[] {{ {string.Join(", ", items.Select(CSharp.Literal))} }}";

    private static bool IsPublic(OperatorDeclaration declaration, OperatorModel model) =>
        declaration.Class.Access == TypeAccess.Public
        && model.Input.Access == TypeAccess.Public
        && model.Output.Access == TypeAccess.Public
        && model.SideOutputs.All(static side => side.Row.Access == TypeAccess.Public)
        && declaration.Methods.All(static method =>
            method.Parameters.All(static parameter => parameter.Type.Access is TypeAccess.Public or TypeAccess.Unusable));
}
