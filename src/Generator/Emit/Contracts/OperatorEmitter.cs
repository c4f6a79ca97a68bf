using Penstock.Generator.Identifiers;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;
using Penstock.Generator.Words;

namespace Penstock.Generator.Emit;

/// <summary>
/// Emits the generated part of an operator: the contract through which pipelines run it, and, in a separate file, the structs and codecs of
/// its state.
/// </summary>
internal static class OperatorEmitter
{
    public static string Emit(OperatorPlan plan)
    {
        var states = new OperatorStates(plan);
        var code = new CodeWriter();
        CSharp.Header(code, $"operator {plan.Class.Name}");
        using (DeclaredClass.Open(code, plan.Class, ""))
        {
            states.EmitMembers(code);
            if (plan.Model.Kind.MergesStates)
            {
                MergeEmitter.EmitAccumulator(code, states);
            }

            EmitContract(code, plan, states);
        }

        return code.ToString();
    }

    /// <summary>The structs of the state and their codecs; null if there is no state.</summary>
    public static string? EmitState(OperatorPlan plan)
    {
        var model = plan.Model;
        if (!model.HasState && !model.HasKeyState && !model.HasCollections)
        {
            return null;
        }

        var code = new CodeWriter();
        CSharp.Header(code, $"the state of operator {plan.Class.Name}");
        using (DeclaredClass.Open(code, plan.Class, ""))
        using (code.Braces($"static partial class {KnownNames.Contract}"))
        {
            new OperatorStates(plan).EmitParts(code, model);
        }

        return code.ToString();
    }

    private static void EmitContract(CodeWriter code, OperatorPlan plan, OperatorStates states)
    {
        var model = plan.Model;
        code.Line("/// <summary>Entry points called by generated pipelines, including those in other assemblies.</summary>");
        code.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
        code.Line($"[global::Penstock.GeneratedOperator({string.Join(", ", Description(plan, states))})]");
        using (code.Braces($"{(plan.IsPublic ? "public" : "internal")} static partial class {KnownNames.Contract}"))
        {
            code.Line("/// <summary>Creates an instance for one subtask.</summary>");
            var arguments = DeclaredClass.Arguments(plan.Services, "services");
            code.Line($"public static {model.Type} Create(global::System.IServiceProvider services) => new({arguments});");

            foreach (var method in plan.Methods)
            {
                code.Line();
                if (method.Form.TakesState)
                {
                    MergeEmitter.EmitMethod(code, model, states, method);
                }
                else
                {
                    EmitMethod(code, plan, states, method);
                }
            }

            if (model.HasCollections)
            {
                states.EmitOpen(code, model.Type);
            }

            if (model.Ttl is { InEntries: true })
            {
                states.EmitAttach(code, model.Type);
            }

            if (model.HasCollections)
            {
                states.EmitCollections(code);
            }

            if (model.Kind.MergesStates)
            {
                MergeEmitter.EmitMerger(code, plan);
            }
        }
    }

    private static bool IsOneOfSeveral(CalledMethod method, OperatorModel model) =>
        model.HasSeveralInputs && method.Form == model.Kind.Main && !method.Form.TakesPair;

    private static void EmitMethod(CodeWriter code, OperatorPlan plan, OperatorStates states, CalledMethod method)
    {
        var (model, form) = (plan.Model, method.Form);
        var passed = states.Passed(model).ToList();
        var names = new Names(
        [
            "op", "row", "left", "right", "window", "timer", "context", "cancellation", "output", "result",
            .. passed.Select(static part => part.Parameter),
        ]);
        var sides = form.Emits ? model.SideOutputs.Select(side => (side.Row, Name: Identifier.Escape(names.Take(side.Name)))).ToList() : [];
        var parameters = (form.TakesPair
                ? $"{InputOf(plan, 0)}in {method.Takes.Name} left, {InputOf(plan, 1)}in {method.TakesAlso!.Name} right"
                : $"in {method.Takes.Name} {First(form)}")
            + (method.TakesContext ? ", in global::Penstock.Context context" : "")
            + (form.IsAwaited ? ", global::System.Threading.CancellationToken cancellation" : "")
            + (form.Emits ? $", ref global::Penstock.Output<{model.Output.Name}> output" : "")
            + string.Concat(sides.Select(static side => $", ref global::Penstock.Output<{side.Row.Name}> {side.Name}"))
            + string.Concat(passed.Select(static part => $", ref {part.Type} {part.Parameter}"));

        // A struct without members is passed too, but not copied.
        var copied = passed.Where(part => part.Type != "State" || states.State.Members.Count > 0).ToList();
        var result = form.Result switch
        {
            MethodResult.Bool => "bool",
            MethodResult.Row when model.Join is { OfPairs: false } && form.TakesPair => "void",
            MethodResult.Row => $"{model.Output.Name}",
            MethodResult.Awaited => AwaitedCode.TaskOf(model),
            MethodResult.Nothing => "void",
            _ => throw new InvalidOperationException($"Unknown result of a method: {form.Result}."),
        };
        var call =
            $"{(method.IsStatic ? model.Type : "op")}.{Identifier.Escape(method.Name)}({string.Join(", ", method.Arguments.Select(argument => Argument(method, argument, sides)))})";
        code.Line($"/// <summary>Calls <c>{CSharp.Comment(method.Name)}</c>.</summary>");
        if (IsOneOfSeveral(method, model))
        {
            code.Line($"[global::Penstock.GeneratedInput({string.Join(", ", Description(plan, method.Input))})]");
        }

        code.Line(CSharp.Inline);
        var head = $"public static {result} {NameOf(method, model)}({model.Type} op, {parameters})";
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

    private static string NameOf(CalledMethod method, OperatorModel model) =>
        IsOneOfSeveral(method, model) ? model.MethodOf(method.Input)
        : method.Form.IsPerInput ? JoinMethods.UnmatchedOf(method.Input)
        : method.Form.Name;

    // The description of one of two inputs, which is a parameter.
    private static string InputOf(OperatorPlan plan, int input) => Description(plan, input).ToList() is { Count: > 0 } description
        ? $"[global::Penstock.GeneratedInput({string.Join(", ", description)})] "
        : "";

    private static string First(MethodForm form) => form.Takes switch
    {
        MethodInput.Row when form.TakesPair => "left",
        MethodInput.Row => "row",
        MethodInput.Window => "window",
        MethodInput.Timer => "timer",
        MethodInput.State => "other",
        _ => throw new InvalidOperationException($"Unknown input of a method: {form.Takes}."),
    };

    private static string Argument(CalledMethod method, CallArgument argument, List<(TypeRef Row, string Name)> sides)
    {
        var passing = argument.Passing switch
        {
            PassingKind.In => "in ",
            PassingKind.Ref => "ref ",
            PassingKind.Value or PassingKind.Out => "",
            _ => throw new InvalidOperationException($"Unknown way to pass a parameter: {argument.Passing}."),
        };
        return passing + argument.Value switch
        {
            CallValue.First => First(method.Form),
            CallValue.Second => "right",
            CallValue.Context => "context",
            CallValue.Cancellation => "cancellation",
            CallValue.Output => "output",
            CallValue.SideOutput => sides[argument.Side].Name,
            _ => throw new InvalidOperationException($"Unknown value of a parameter: {argument.Value}."),
        };
    }

    private static IEnumerable<string> Description(OperatorPlan plan, OperatorStates states)
    {
        var model = plan.Model;
        // The oldest version that has all features of this contract. In the first one, contexts were passed to all methods that may take
        // one, and there were no side outputs. In the second one, there was only one input.
        var isFirst = model.SideOutputs.Count == 0 && plan.Methods.All(static method => method.TakesContext || !method.Form.TakesContext);
        yield return $"version: {(model.HasSeveralInputs ? 3 : isFirst ? 1 : 2)}";
        yield return CSharp.Literal(model.Kind.Name);
        foreach (var item in model.HasSeveralInputs ? [] : Description(plan, input: 0))
        {
            yield return item;
        }

        // Origins are needed only where the operator can be used.
        if (model.Origins is { } origins && plan.IsPublic)
        {
            yield return $"Origins = {Array(origins.Texts)}";
        }

        if (model.SideOutputs.Count > 0)
        {
            yield return $"SideOutputs = {Array(model.SideOutputs.Select(static side => side.Name))}";
        }

        if (model.ReturnsNull)
        {
            yield return "ReturnsNull = true";
        }

        foreach (var (name, value) in model.Values?.Contract ?? [])
        {
            yield return $"{name} = {CSharp.Literal(value)}";
        }

        if (model.Ttl is { } ttl)
        {
            yield return "HasTtl = true";
            if (ttl.Shortest != 0)
            {
                yield return $"MinTtl = {CSharp.Literal(ttl.Shortest)}";
            }

            if (ttl.EventTimeState != null)
            {
                yield return $"EventTimeState = {CSharp.Literal(ttl.EventTimeState)}";
            }
        }

        if (model.States.Count > 0)
        {
            yield return $"States = new string[] {{ {string.Join(", ", model.States.Select(states.SchemaOf))} }}";
        }
    }

    // One input of the operator.
    private static IEnumerable<string> Description(OperatorPlan plan, int input)
    {
        if (plan.Keys.Count > 0)
        {
            yield return $"Key = {Array(plan.Keys[input])}";
        }

        var model = plan.Model.Inputs[input];
        if (!model.Reads.All)
        {
            yield return $"Reads = {Array(model.Reads.Paths)}";
        }

        if (model.AcceptsUpdates)
        {
            yield return "AcceptsUpdates = true";
        }
    }

    private static string Array(IEnumerable<string> items)
    {
        var text = string.Join(", ", items.Select(CSharp.Literal));
        return text.Length == 0 ? "new string[0]" : $"new string[] {{ {text} }}";
    }
}
